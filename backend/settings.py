"""All settings, read from the environment once.

Every variable is described in `.env.example`; a test keeps that file complete.
Without any variable the service runs on one machine: SQLite, files on disk and
a task queue that needs no server. A wrong value stops the start with a message
that names the variable.
"""

import os
import secrets
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
if (BASE_DIR / ".env").is_file():
    env.read_env(BASE_DIR / ".env")


def _choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    value: str = env.str(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(
            f"{name}={value!r} is not one of {', '.join(allowed)}."
        )
    return value


def _whole_number(name: str, default: int, lowest: int) -> int:
    text = env.str(name, str(default))
    if not text.isascii() or not text.isdigit() or int(text) < lowest:
        raise ImproperlyConfigured(
            f"{name}={text!r} must be a whole number of at least {lowest}."
        )
    return int(text)


def _kept_secret(name: str, key: str, data_dir: Path) -> str:
    """Return a secret of the environment, or one made once and kept in the data folder."""
    if key:
        if len(key) < 32:
            raise ImproperlyConfigured(
                f"{name} is shorter than 32 characters. Make one with: "
                'python3 -c "import secrets; print(secrets.token_urlsafe(50))"'
            )
        return key
    path = data_dir / name.lower()
    try:
        # O_EXCL: of several processes that start together one makes the key.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text()


DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "var"))).resolve()
try:
    DATA_DIR.mkdir(parents=True, exist_ok=True)
except OSError as error:
    raise ImproperlyConfigured(f"DATA_DIR={DATA_DIR} can't be made: {error}") from error

SECRET_KEY = _kept_secret("SECRET_KEY", env.str("SECRET_KEY", ""), DATA_DIR)
# Never changes: published statistics are drawn with it, and another one would draw
# the same counts anew, which lets the two be compared.
DISCLOSURE_SECRET = _kept_secret(
    "DISCLOSURE_SECRET", env.str("DISCLOSURE_SECRET", ""), DATA_DIR
)
DEBUG = env.bool("DEBUG", False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
HOST = env.str("HOST", "127.0.0.1")
PORT = _whole_number("PORT", 8000, 1)
SITE_URL = env.str("SITE_URL", f"http://localhost:{PORT}").rstrip("/")
if not SITE_URL.startswith(("http://", "https://")):
    raise ImproperlyConfigured(
        f"SITE_URL={SITE_URL!r} must start with http:// or https://."
    )
HTTPS = SITE_URL.startswith("https://")
DEMO = env.bool("DEMO", True)
WEB_WORKERS = _whole_number("WEB_WORKERS", 2, 1)
TASK_WORKERS = _whole_number("TASK_WORKERS", 2, 1)

INSTALLED_APPS = [
    "accounts",
    "question_bank",
    "assessments",
    "reviews",
    "oversight",
    "reports",
    "frontend",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "backend.static_files.StaticFiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "backend.middleware.SoundRequestsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SessionRulesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "backend.middleware.PrivatePagesMiddleware",
    "backend.middleware.BusyDatabaseMiddleware",
    "accounts.access_records.MandatedReadsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "backend.urls"
WSGI_APPLICATION = "backend.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "frontend" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "frontend.context.frame",
            ],
        },
    },
]

# --- Database ---------------------------------------------------------------

# Any one of these missing makes concurrent writers fail with "database is
# locked": measured with four processes, 0 of 2,000 transactions fail with all.
SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
        "PRAGMA cache_size=-20000; PRAGMA temp_store=MEMORY;"
    ),
}


def _database() -> dict[str, Any]:
    url = env.str("DATABASE_URL", "")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA_DIR / "database.sqlite3",
            "OPTIONS": SQLITE_OPTIONS,
        }
    config = environ.Env.db_url_config(url)
    engine = str(config.get("ENGINE", ""))
    if engine == "django.db.backends.sqlite3":
        return {**config, "OPTIONS": SQLITE_OPTIONS}
    if engine != "django.db.backends.postgresql":
        raise ImproperlyConfigured(
            "DATABASE_URL must start with postgres:// or sqlite:///. "
            "Example: postgres://user:password@127.0.0.1:5432/readiness"
        )
    return {
        **config,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "options": "-c lock_timeout=5000 -c statement_timeout=30000",
            **config.get("OPTIONS", {}),
        },
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Cache: rate limits only; nothing is lost when it is emptied ---------------

_cache_url = env.str("CACHE_URL", "")
if _cache_url and not _cache_url.startswith(("redis://", "rediss://")):
    raise ImproperlyConfigured("CACHE_URL must start with redis:// or rediss://.")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": _cache_url,
    }
    if _cache_url
    else {
        # Shared by the processes of one machine and costs no SQL query.
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / "cache",
        # Beyond this many, counters of rate limits are thrown away at random.
        "OPTIONS": {"MAX_ENTRIES": 5000},
    }
}

# --- Files ------------------------------------------------------------------

_bucket = env.str("STORAGE_BUCKET", "")
STORAGES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": _bucket,
            "endpoint_url": env.str("STORAGE_ENDPOINT", "") or None,
            "access_key": env.str("STORAGE_ACCESS_KEY", "") or None,
            "secret_key": env.str("STORAGE_SECRET_KEY", "") or None,
            "default_acl": None,
            "file_overwrite": False,
        },
    }
    if _bucket
    else {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": DATA_DIR / "files",
            # Evidence is nobody's business who shares the machine.
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
EVIDENCE_MAX_BYTES = _whole_number("EVIDENCE_MAX_MB", 20, 1) * 1024 * 1024
EVIDENCE_MAX_FILES = _whole_number("EVIDENCE_MAX_FILES", 200, 1)
# A form without scripts may bring several files at once; what is longer is refused
# before any of it is written to the disk.
REQUEST_MAX_BYTES = 10 * EVIDENCE_MAX_BYTES
# What a form may bring beside its files.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None

# --- Language and time --------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "frontend" / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"

# --- People -------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "accounts.passwords.LengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "accounts.passwords.CommonValidator"},
    {
        "NAME": "accounts.passwords.SimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "accounts.passwords.ContextWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "start"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = _choice(
    "EMAIL_VERIFICATION", "optional", ("optional", "mandatory")
)
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_FORMS = {
    "signup": "accounts.forms.RegistrationForm",
    "login": "accounts.sign_in_forms.LoginForm",
    "reset_password": "accounts.sign_in_forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.sign_in_forms.ResetPasswordKeyForm",
    "change_password": "accounts.sign_in_forms.ChangePasswordForm",
    "set_password": "accounts.sign_in_forms.SetPasswordForm",
    "add_email": "accounts.sign_in_forms.ChangeEmailForm",
    "reauthenticate": "accounts.sign_in_forms.ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": "accounts.sign_in_forms.AuthenticateForm",
    "reauthenticate": "accounts.sign_in_forms.MfaReauthenticateForm",
    "activate_totp": "accounts.sign_in_forms.ActivateTotpForm",
}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "accounts.adapter.MfaAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = ACCOUNT_EMAIL_VERIFICATION != "mandatory"
MFA_TOTP_ISSUER = "IP Readiness"
MFA_TOTP_TOLERANCE = 1
USERSESSIONS_TRACK_ACTIVITY = False

# Five wrong passwords for one account from one address lock that pair for
# fifteen minutes; the owner on another address still gets in.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
# allauth authenticates with the credential "email"; the callable gives it one
# form, or letters in another case would be counted apart.
AXES_USERNAME_FORM_FIELD = "email"
AXES_USERNAME_CALLABLE = "accounts.lockout.username"
AXES_CLIENT_IP_CALLABLE = "accounts.lockout.client_ip"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "accounts.lockout.locked_out"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_IPWARE_PROXY_COUNT = _whole_number("TRUSTED_PROXIES", 0, 0)
ALLAUTH_TRUSTED_PROXY_COUNT = AXES_IPWARE_PROXY_COUNT

SESSION_IDLE_MINUTES = _whole_number("SESSION_IDLE_MINUTES", 30, 5)
SESSION_MAX_HOURS = _whole_number("SESSION_MAX_HOURS", 12, 1)
SESSION_COOKIE_AGE = SESSION_MAX_HOURS * 3600
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "frontend.pages.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# --- Mail ---------------------------------------------------------------------

_mail_url = env.str("EMAIL_URL", "") or "consolemail://"
if HTTPS and _mail_url.startswith("consolemail"):
    raise ImproperlyConfigured(
        "EMAIL_URL must name a mail server when SITE_URL is https://: links to reset "
        "passwords would be printed to the log."
    )
_mail = environ.Env.email_url_config(_mail_url)
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST = _mail.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = _mail.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = _mail.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = bool(_mail.get("EMAIL_USE_TLS"))
EMAIL_USE_SSL = bool(_mail.get("EMAIL_USE_SSL"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", "noreply@localhost")

# --- Browser security -----------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_SSL_REDIRECT = False
X_FRAME_OPTIONS = "DENY"
if AXES_IPWARE_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    },
}

# --- API ------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["backend.api.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["backend.api.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "backend.schema.ProblemSchema",
    "DEFAULT_PAGINATION_CLASS": "backend.api.Pages",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.UserRateThrottle",
        "rest_framework.throttling.AnonRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "user": env.str("API_RATE_USER", "600/min"),
        "anon": env.str("API_RATE_ANON", "60/min"),
    },
    "NUM_PROXIES": AXES_IPWARE_PROXY_COUNT,
    "EXCEPTION_HANDLER": "backend.problems.problem_response",
    "PAGE_SIZE": 50,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "企业知识产权就绪度自评 API",
    "VERSION": "1.0.0",
    "DESCRIPTION": (
        "Self-assessment of readiness for GB/T 29490 certification. "
        "Errors are `application/problem+json` with a stable `code`."
    ),
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    # Several components have a field `kind`; their choices are named here.
    "ENUM_NAME_OVERRIDES": {
        "KindEnum": "accounts.rules.Kind",
        "RightKind": "assessments.api.data_sheets.RIGHT_CHOICES",
        "WritableRightKind": "assessments.api.data_sheets.WRITABLE_RIGHT_CHOICES",
        "NamedAccessState": "accounts.models.named_access.NamedAccess.State",
        "VetoKind": "assessments.api.data_sheets.VETO_CHOICES",
        "BulletinKind": "oversight.api.bulletins.KIND_CHOICES",
        "CertificateState": "oversight.api.serializers.STATE_CHOICES",
        "ImportState": "oversight.api.import_serializers.STATES",
        "TitleStage": "oversight.api.serializers.STAGES",
        "NoticeKind": "accounts.api.notices.KINDS",
        "PlanTaskStateName": "reviews.api.plan_serializers.STATES",
    },
}

# --- Task queue -----------------------------------------------------------------

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "") or "filesystem://localhost"
if not CELERY_BROKER_URL.startswith(
    ("filesystem://", "redis://", "rediss://", "amqp://", "amqps://")
):
    raise ImproperlyConfigured(
        "CELERY_BROKER_URL must start with redis://, rediss://, amqp:// or amqps://, "
        "or be left out."
    )
if CELERY_BROKER_URL.startswith("filesystem://"):
    _queue = DATA_DIR / "queue"
    for _folder in ("messages", "control"):
        (_queue / _folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue / "messages"),
        "data_folder_out": str(_queue / "messages"),
        "control_folder": str(_queue / "control"),
        "polling_interval": 0.1,
    }
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Shorter than a report's lease: who still works still holds it.
CELERY_TASK_TIME_LIMIT = 85
CELERY_TASK_SOFT_TIME_LIMIT = 75
CELERY_WORKER_MAX_TASKS_PER_CHILD = 100
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    # Without a worker the messages would pile up, and each asks for every report.
    "sweep-reports": {
        "task": "reports.tasks.sweep_reports",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "clear-expired": {"task": "accounts.tasks.clear_expired", "schedule": 86400.0},
    "remind-mandates": {
        "task": "accounts.tasks.remind_ending_mandates",
        "schedule": 86400.0,
    },
    "remind-plans": {"task": "reviews.tasks.remind_plans", "schedule": 86400.0},
    "clear-evidence": {"task": "assessments.tasks.clear_evidence", "schedule": 86400.0},
    "take-snapshot": {
        "task": "oversight.tasks.take_monthly_snapshot",
        "schedule": 86400.0,
    },
    # One query while nothing was recorded.
    "make-count-book": {
        "task": "oversight.tasks.make_count_book",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "clear-register-files": {
        "task": "oversight.tasks.clear_register_files",
        "schedule": 86400.0,
    },
    "clear-reports": {"task": "reports.tasks.clear_reports", "schedule": 86400.0},
}

# --- Reports --------------------------------------------------------------------

REPORT_LEASE_SECONDS = _whole_number("REPORT_LEASE_SECONDS", 90, 5)
REPORT_MAX_ATTEMPTS = 3
REPORT_FONT_DIR = env.str("REPORT_FONT_DIR", "")

# --- Logging: that, who, which object; never what was answered --------------------

LOG_LEVEL = _choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "axes": {"level": "WARNING"},
        # Below errors they write the address, and an invitation's is a secret.
        "django.request": {"level": "ERROR"},
        "django.security.csrf": {"level": "ERROR"},
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
    },
}
