from accounts.models.access import AccessRecord
from accounts.models.notice import Notice
from accounts.models.user import Language, User

__all__ = ["AccessRecord", "Language", "Notice", "User"]
