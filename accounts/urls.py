from django.contrib.auth.views import LogoutView
from django.urls import path
from django.views.generic import TemplateView

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("login/", views.LoginView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("logged-out/", TemplateView.as_view(template_name="accounts/logged_out.html"), name="logged_out"),
    path("password/", views.password, name="password"),
    path("profile/", views.profile, name="profile"),
    path("theme/", views.choose_theme, name="theme"),
]
