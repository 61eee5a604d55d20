import pytest

from accounts.models import User

PASSWORD = "correct-horse-staple"


@pytest.fixture
def lin(db: None) -> User:
    """A grid worker who has chosen a password of her own."""
    return User.objects.create_user("lin", name="林晓", password=PASSWORD, must_change_password=False)


@pytest.fixture
def newcomer(db: None) -> User:
    """Somebody whose password was made by an administrator."""
    return User.objects.create_user("chen", name="陈晨", password=PASSWORD)
