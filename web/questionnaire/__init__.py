"""The questionnaire on real pages. Nothing is stored before the end; then it is an answer without a name."""
