from public.models.consent import Consent
from public.models.feedback import Feedback
from public.models.place_code import PlaceCode
from public.models.report import Answer, ResidentReport

__all__ = ["Answer", "Consent", "Feedback", "PlaceCode", "ResidentReport"]
