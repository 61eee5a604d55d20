"""The request of somebody who is logged in, for the types of views behind `login_required` or `keeps_form`."""

from django.http import HttpRequest

from accounts.models import User


class UserRequest(HttpRequest):
    user: User
