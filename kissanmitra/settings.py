"""Every setting, from the environment only. With no environment at all this is the demo on one machine."""

from datetime import timedelta
from pathlib import Path

from celery.schedules import crontab

from kissanmitra import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("KISSANMITRA_VAR", str(BASE_DIR / "var")))

# --- Demo or production -------------------------------------------------------------------------------------------
DEMO = env.flag("KISSANMITRA_DEMO", default=not env.text("DATABASE_URL"))
DEBUG = env.flag("DJANGO_DEBUG", default=False)

if DEMO:
    from devservers import database_url, redis_url

    SECRET_KEY = env.text("DJANGO_SECRET_KEY") or env.secret_from_file(VAR_DIR / "secret_key")
    DATABASE_URL = env.text("DATABASE_URL") or database_url(VAR_DIR)
    REDIS_URL = env.text("REDIS_URL") or redis_url(VAR_DIR)
    ALLOWED_HOSTS = env.names("DJANGO_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],testserver")
else:
    WHY = "Production starts only with a secret key, a database and a Redis of its own."
    SECRET_KEY = env.required("DJANGO_SECRET_KEY", WHY)
    DATABASE_URL = env.required("DATABASE_URL", WHY)
    REDIS_URL = env.required("REDIS_URL", WHY)
    ALLOWED_HOSTS = env.names("DJANGO_ALLOWED_HOSTS")

# --- The project --------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    *(["devservers"] if DEMO else []),  # before staticfiles: its `runserver` serves WebSockets too
    "backoffice.apps.BackofficeConfig",  # before the admin, whose pages it dresses
    "backoffice.apps.BackofficeAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "channels",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "csp",
    "core",
    "accounts",
    "exports",
    "devices",
    "notifications",
    "events",
    "orders",
    "service_orders",
    "leases",
    "kissanmitra.demo",
]
MIDDLEWARE = [
    "core.correlation.CorrelationMiddleware",
    "core.contracts.dispatch.EnvelopeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "kissanmitra.urls"
WSGI_APPLICATION = "kissanmitra.wsgi.application"
ASGI_APPLICATION = "kissanmitra.asgi.application"
WEB_THREADS = env.number("WEB_THREADS", 12)  # per web process; each keeps one database connection
APPEND_SLASH = False
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
            ],
        },
    },
]
AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en-in"
FORMAT_MODULE_PATH = ["kissanmitra.formats"]
USE_TZ = True
TIME_ZONE = "Asia/Kolkata"  # of screens and of "today"; storage is UTC

# --- Data ---------------------------------------------------------------------------------------------------------
# A stuck lock or statement ends with an error, not with a queue of waiting requests. Milliseconds.
SERVER_TIMEOUTS = "-c lock_timeout=5000 -c statement_timeout=15000 -c idle_in_transaction_session_timeout=30000"
CONNECTIONS = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
DATABASES = {"default": env.database(DATABASE_URL, options=SERVER_TIMEOUTS) | CONNECTIONS}
CACHES = {
    "default": {
        "BACKEND": "core.cache.FailSafeRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "kissanmitra",
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},  # seconds
    },
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        # redis-py 8 closes idle sockets after 5 s unless told not to.
        "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": None}], "prefix": "kissanmitra"},
    },
}

# --- Live feed ----------------------------------------------------------------------------------------------------
FEED_HEARTBEAT_SECONDS = env.number("FEED_HEARTBEAT_SECONDS", 20)
FEED_STUCK_SECONDS = env.number("FEED_STUCK_SECONDS", 10)  # after which a client that reads nothing is cut off
FEED_SOCKETS_PER_USER = env.number("FEED_SOCKETS_PER_USER", 1000)  # per web process: more is no use but a fault
# A minute; the whole share of a territory (RATE_LIMITS) unless set lower.
FEED_MESSAGES_PER_SOCKET = env.number("FEED_MESSAGES_PER_SOCKET", 1000)

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns at every start where there is none
MEDIA_URL = "media/"
MEDIA_ROOT = VAR_DIR / "media"  # device pictures, open to all
PRIVATE_MEDIA_ROOT = VAR_DIR / "private"  # lease documents, served only after a check
WHITENOISE_USE_FINDERS = DEMO
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": PRIVATE_MEDIA_ROOT}},
    "staticfiles": {
        "BACKEND": "core.static_files.HashedWhereCollected" if DEMO else "core.static_files.HashedAndCompressed"
    },
}
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# --- API ----------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.authentication.SessionTokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["core.contracts.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "core.contracts.negotiation.AlwaysJSON",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "core.contracts.dispatch.exception_handler",
    "COERCE_DECIMAL_TO_STRING": False,
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "KissanMitra API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "DEFAULT_GENERATOR_CLASS": "core.contracts.openapi.ContractsGenerator",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},  # asks no outside host
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [],  # choices stay with their fields: many share the name `status`
}

RATE_LIMITS = {  # per minute: of a territory in its contract, of a user in the equipment contract
    "create": env.number("RATE_LIMIT_CREATE", 100),
    "update": env.number("RATE_LIMIT_UPDATE", 200),
    "query": env.number("RATE_LIMIT_QUERY", 500),
    "message": env.number("RATE_LIMIT_MESSAGE", 1000),
}
RATELIMIT_FAIL_OPEN = True  # how core.limits learns that Redis went away in the middle of a count

SESSION_IDLE_LIFETIME = timedelta(days=30)  # a session ends when it was not refreshed for so long
SIMPLE_JWT = {
    "ALGORITHM": "HS256",
    "SIGNING_KEY": env.text("JWT_SIGNING_KEY") or env.derived_key(SECRET_KEY, "access and refresh tokens"),
    "AUDIENCE": "kissanmitra",
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=60),
    "REFRESH_TOKEN_LIFETIME": SESSION_IDLE_LIFETIME,
    "USER_ID_CLAIM": "sub",
    "TOKEN_TYPE_CLAIM": "typ",
}

# --- One-time passwords -------------------------------------------------------------------------------------------
OTP_PEPPER = env.derived_key(SECRET_KEY, "one-time passwords")
OTP_FIXED_CODE = "123456" if DEMO else None
OTP_SENDING_LIMITS = not DEMO  # waits and hourly caps; the limit on wrong tries always holds

# --- Staff at the back office ----------------------------------------------------------------------------------------
STAFF_TOTP_REQUIRED = env.flag("STAFF_TOTP_REQUIRED", default=not DEMO)  # users with TOTP are always asked for it
OTP_TOTP_ISSUER = "KissanMitra"  # how authenticator apps call it
SIGN_IN_TRIES = {"phone": 10, "address": 60}  # in a quarter of an hour

# --- Devices ------------------------------------------------------------------------------------------------------
DEVICE_BOUNDS = env.box("DEVICE_BOUNDS", "68,6,97.6,37.5")  # India with its islands: west, south, east, north

# --- SMS ----------------------------------------------------------------------------------------------------------
TWILIO_ACCOUNT_SID = env.text("TWILIO_ACCOUNT_SID")
TWILIO_AUTH_TOKEN = env.text("TWILIO_AUTH_TOKEN")
TWILIO_FROM_NUMBER = env.text("TWILIO_FROM_NUMBER")
TWILIO_API_BASE_URL = env.text("TWILIO_API_BASE_URL", "https://api.twilio.com")
TWILIO_STATUS_CALLBACK_URL = env.text("TWILIO_STATUS_CALLBACK_URL")  # https://.../api/v1/notifications/twilio/status
SMS_ENCRYPTION_KEY = env.derived_key(SECRET_KEY, "texts waiting to be sent")

# --- Insurance data of service orders -----------------------------------------------------------------------------
# The first key seals, each opens. The one made of the secret key stays, so that setting others later loses nothing.
INSURANCE_KEYS = [*env.keys("INSURANCE_KEYS"), env.derived_key(SECRET_KEY, "insurance data")]

# --- Celery -------------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
# What is to be done stands in PostgreSQL and is swept; a task is only the reminder. Unacknowledged ones would end the
# worker when Redis goes away (Celery 5.7.0).
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 60
CELERY_TASK_SOFT_TIME_LIMIT = 45
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_ROUTES = ["notifications.routing.by_outbox_queue"]
CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # workers log as everybody does
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
SMS_SWEEP_SECONDS = 10
EXPORT_SWEEP_SECONDS = 30
CELERY_BEAT_SCHEDULE = {
    # Texts whose retry is due or whose worker died. A sweep that no worker took up is stale when the next one comes.
    **{
        f"sweep the SMS of the queue {queue}": {
            "task": "notifications.deliver",
            "args": [queue],
            "schedule": SMS_SWEEP_SECONDS,
            "options": {"expires": SMS_SWEEP_SECONDS},
        }
        for queue in ("otp", "notices")
    },
    "take up exports of killed workers, delete expired ones": {
        "task": "exports.sweep",
        "schedule": EXPORT_SWEEP_SECONDS,
        "options": {"queue": "exports", "expires": EXPORT_SWEEP_SECONDS},
    },
    "sweep exports that no row names": {
        "task": "exports.sweep_orphans",
        "schedule": crontab(hour=3, minute=30),
    },
    "sweep lease documents that no lease names": {
        "task": "leases.tasks.sweep_orphan_attachments",
        "schedule": crontab(hour=3, minute=10),
    },
    "sweep pictures and films that no device has": {
        "task": "devices.tasks.sweep_orphan_media",
        "schedule": crontab(hour=3, minute=20),
    },
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.2}
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # A task of a killed worker is handed out again after so many seconds; longer than any task may take.
    "visibility_timeout": 300,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "health_check_interval": 25,
}

# --- Security -----------------------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    # Everything comes from this server, and nothing is written into a page that runs or styles.
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],  # pictures about to be uploaded are shown from the browser's memory
        "media-src": ["'self'", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    },
}
HTTPS = env.flag("DJANGO_HTTPS", default=not DEMO)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^api/v1/health/"]
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0 if DEMO else 1)  # hops of X-Forwarded-For that are ours

# --- Logs ---------------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"correlation": {"()": "core.correlation.CorrelationFilter"}},
    "formatters": {"line": {"()": "core.correlation.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["correlation"], "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},  # refused requests are answers, not events
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # Two lines for every task, of which there is one every few seconds.
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},  # a dozen lines for every agreement that is drawn
    },
}
