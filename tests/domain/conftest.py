"""Lets a failed `then` of the story show both sides."""

import pytest

pytest.register_assert_rewrite("tests.domain.story")
