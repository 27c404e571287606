"""All tests. What has to be so before the first of them is imported."""

import authlib.deprecate  # noqa: F401 - as it is imported it puts its filter of warnings before pytest's
import pytest

pytest.register_assert_rewrite("tests.domain.story")  # whichever test tells a story first
