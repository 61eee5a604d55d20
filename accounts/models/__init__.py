from accounts.models.access import AccessRecord
from accounts.models.notice import Notice
from accounts.models.user import Language, Theme, User

__all__ = ["AccessRecord", "Language", "Notice", "Theme", "User"]
