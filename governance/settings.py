"""Settings of one deployment: one county or district. What differs between two comes from the environment."""

from datetime import timedelta
from pathlib import Path

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from governance import env

BASE_DIR = Path(__file__).resolve().parent.parent

# A trial installation may have demo accounts and a clock that can be moved, and needs no secrets of its own.
TRIAL = env.flag("TRIAL")
# Never Django's own: its error pages speak English and show the inside of the house. Tracebacks go to the log.
DEBUG = False
SECRET_KEY = env.text("SECRET_KEY", "for-development-only-never-for-service" if TRIAL else None)
# Keys that seal personal and secret fields at rest: "k2:BASE64,k1:BASE64"; the first seals, all of them open.
FIELD_KEYS = env.words("FIELD_KEYS", "dev:d2VpZ2UtZGV2ZWxvcG1lbnQta2V5LW5vdC1zZWNyZXQ=" if TRIAL else "")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if TRIAL else "")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
# Where people reach the pages; links in messages begin with it.
SITE_URL = env.text("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
HTTPS = env.flag("HTTPS", default=not TRIAL)
# How many proxies of ours stand in front: each adds an entry to X-Forwarded-For, and only those are believed.
PROXIES = env.number("PROXIES", 1 if HTTPS else 0)

INSTALLED_APPS = [
    "clock",
    "accounts",
    "grids",
    "households",
    "incidents",
    "tagging",
    "dispatch",
    "public",
    "governance",
    "mptt",
    "import_export",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "axes",
    "governance.configuration_app.ConfigurationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
]

MIDDLEWARE = [
    "governance.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "dispatch.live.middleware.LiveMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SlidingSessionMiddleware",
    "accounts.middleware.FragmentLoginMiddleware",
    "accounts.middleware.OwnLanguageMiddleware",
    "accounts.middleware.FirstPasswordMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "governance.chat_apps.FilesInChatApps",
]
if TRIAL:  # in service they lie there compressed
    MIDDLEWARE.insert(
        MIDDLEWARE.index("whitenoise.middleware.WhiteNoiseMiddleware"), "governance.trial_files.GzippedFiles"
    )

ROOT_URLCONF = "governance.urls"
WSGI_APPLICATION = "governance.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.csp",
                "governance.navigation.navigation",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": env.database(env.text("DATABASE_URL"))}
REDIS_URL = env.text("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "weige",
    }
}

# -- Who logs in -------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "governance.permissions.PostBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "phone")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "accounts:logged_out"
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 60 * env.number("SESSION_IDLE_MINUTES", 12 * 60)  # since its last use: one shift
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "governance.errors.csrf_failure"

# Graded protection (GB/T 22239): locked after five failures; the account opens again after a quarter of an hour.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_RESET_ON_SUCCESS = True
# Trying while locked doesn't prolong the lock: else anybody could keep anybody out for ever.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ADMIN = False  # an account is unlocked where accounts are kept
AXES_LOCKOUT_TEMPLATE = "accounts/lockout.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_VERBOSE = False
# Locking by address would shut out a whole office behind one; the account is what graded protection locks.
# A deployment without a mail server is none that is half set up: `dispatch.channels.email` says so to whoever asks.
SILENCED_SYSTEM_CHECKS = ["axes.W006", "mail.W001"]

# -- Language and time -------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LANGUAGE_COOKIE_AGE = 365 * 86_400
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.text("TIME_ZONE", "Asia/Shanghai")

# -- Files -------------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# A trial serves the files where they lie; in service they are collected when the image is built.
STATIC_ROOT = None if TRIAL else BASE_DIR / "build" / "static"
WHITENOISE_USE_FINDERS = TRIAL
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(BASE_DIR / ".weige" / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TRIAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# Ten photos of a phone camera fit; what one file may weigh is a rule of incidents.attachments.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_MOST_BYTES = 64 * 1024 * 1024  # more of one file is never stored, whoever sends it
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_HANDLERS = [
    "accounts.uploads.CappedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# -- Closed doors ------------------------------------------------------------------------------------------------
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "worker-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS

# -- Work behind the pages ---------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "dispatch.tasks.sweep": "clock",
    "dispatch.tasks.climb_ladders": "clock",
    "dispatch.tasks.dispatch_by_rules": "clock",
    "dispatch.tasks.push_reminders": "clock",
    "dispatch.tasks.close_days": "clock",
    "dispatch.tasks.audit_clocks": "clock",
    "dispatch.tasks.remind_of_commands": "notify",
    "dispatch.tasks.deliver_outbox": "notify",
    "dispatch.tasks.deliver_message": "notify",
    "dispatch.tasks.tell_outside": "notify",
    "households.tasks.make_export": "load",
    "households.tasks.read_load": "load",
    "households.tasks.apply_load": "load",
    "households.tasks.take_back_load": "load",
    "households.tasks.write_errors": "load",
}
# A worker killed with work in hand gives it back after this long; every task is safe to run twice.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "socket_timeout": 10,
    "socket_connect_timeout": 5,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE

# Where a monitor elsewhere waits for a sign of life; empty: none does.
HEARTBEAT_URL = env.text("HEARTBEAT_URL", "")
# Hosts of the robots: another one for a private installation.
DINGTALK_BASE_URL = env.text("DINGTALK_BASE_URL", "https://oapi.dingtalk.com").rstrip("/")
WECOM_BASE_URL = env.text("WECOM_BASE_URL", "https://qyapi.weixin.qq.com").rstrip("/")
FEISHU_BASE_URL = env.text("FEISHU_BASE_URL", "https://open.feishu.cn").rstrip("/")
# E-mail goes out where a server is named; without one, a channel of that kind is refused at the form.
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "weige@localhost")
MAILERS = {}
if mail_host := env.text("EMAIL_HOST", ""):
    MAILERS["default"] = {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": mail_host,
            "port": env.number("EMAIL_PORT", 465),
            "username": env.text("EMAIL_HOST_USER", ""),
            "password": env.text("EMAIL_HOST_PASSWORD", ""),
            "use_ssl": env.flag("EMAIL_USE_SSL", default=not env.flag("EMAIL_USE_TLS")),
            "use_tls": env.flag("EMAIL_USE_TLS"),
            "timeout": 8,
        },
    }

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.api.Session"],
    "EXCEPTION_HANDLER": "accounts.api.explain",
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": "600/min", "report": "60/min", "move": "120/min", "load": "30/min"},
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
}
SPECTACULAR_SETTINGS = {
    "TITLE": "微格 Weige",
    "DESCRIPTION": "Grid-based community governance: units, incidents and their moves.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "SupervisionStateEnum": "dispatch.models.Supervision.State",
        "SupervisionSourceEnum": "dispatch.models.Supervision.Source",
        "WhistleStateEnum": "dispatch.models.Whistle.State",
        "SourceEnum": "incidents.models.Source",
        "Status": "incidents.workflow.Status.choices",
        "Act": "incidents.workflow.Act.choices",
        "KindEnum": "grids.models.unit.Kind.choices",
        "MoveName": "incidents.api.asked.MOVE_NAMES",
        "LoadState": "households.loads_api.shown.LOAD_STATES",
        "LoadStreetState": "households.loads_api.shown.STREET_STATES",
    },
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "change"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "view"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "accounts.discreet_logs.DiscreetFormatter",
            "format": "{levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # The address of a request may hold what a person typed into a search box; its path is enough.
        "django.request": {"level": "ERROR"},
        "axes": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
    },
}
