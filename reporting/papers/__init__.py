"""Every Word paper of a meeting, in one visual language: what each is called, who has it, and how it is made."""
