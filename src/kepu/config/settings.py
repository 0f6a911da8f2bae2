"""Django's settings, each taken from `environment` where a site may choose."""

from pathlib import Path

import dj_database_url

from kepu.config import environment
from kepu.config.keeping.marks import HALF_RESTORED, is_half_restored
from kepu.config.keys import keyring

HOME = environment.home()
if is_half_restored(HOME):
    raise SystemExit(HALF_RESTORED.format(HOME))
PACKAGE = Path(__file__).resolve().parent.parent
KEPU_KEYS = keyring(HOME)
KEPU_DEVELOPMENT = environment.switch("KEPU_DEVELOPMENT")
KEPU_DIVISION = environment.text("KEPU_DIVISION")
KEPU_SITE_URL = environment.text("KEPU_SITE_URL").rstrip("/")
KEPU_PROXIES = environment.number("KEPU_PROXIES")
KEPU_CONTACT = environment.text("KEPU_CONTACT")
KEPU_BEIAN = environment.text("KEPU_BEIAN")
KEPU_LINE_MAX = environment.number("KEPU_LINE_MAX")
KEPU_SMS_GATEWAY_URL = environment.text("KEPU_SMS_GATEWAY_URL")
KEPU_SMS_GATEWAY_TOKEN = environment.text("KEPU_SMS_GATEWAY_TOKEN")
KEPU_SMS_PER_DAY_MAX = environment.number("KEPU_SMS_PER_DAY_MAX")
KEPU_WECHAT_APP_ID = environment.text("KEPU_WECHAT_APP_ID")
KEPU_WECHAT_SECRET = environment.text("KEPU_WECHAT_SECRET")
KEPU_STAFF_DORMANT_DAYS = environment.number("KEPU_STAFF_DORMANT_DAYS")

SECRET_KEY = KEPU_KEYS.django.hex()
DEBUG = KEPU_DEVELOPMENT
ALLOWED_HOSTS = environment.text("KEPU_HOSTS").split(",")

INSTALLED_APPS = [
    "kepu.config",
    "kepu.ui",
    "kepu.messages",
    "kepu.audit",
    "kepu.jobs",
    "kepu.regions",
    "kepu.people",
    "kepu.content",
    "kepu.campaigns",
    "kepu.ledger",
    "kepu.standings",
    "kepu.figures",
    "kepu.papers",
    "kepu.points",
    "kepu.mall",
    "kepu.clubs",
    "kepu.integrity",
    "kepu.awards",
    "kepu.intake",
    "kepu.api",
    "kepu.app",
    "kepu.console",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_htmx",
    "ninja",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "kepu.ui.headers.headers_middleware",
    "kepu.api.errors.problems_middleware",
    "kepu.ui.headers.address_middleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "kepu.people.sessions.session_middleware",
    "kepu.campaigns.pages.campaigns_middleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "kepu.console.gate.gate_middleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kepu.ui.headers.missing_middleware",
]

ROOT_URLCONF = "kepu.config.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kepu.ui.context.site",
            ],
        },
    }
]

DATABASE_URL = environment.text("KEPU_DATABASE_URL")
if DATABASE_URL:
    DATABASES = {"default": dict(dj_database_url.parse(DATABASE_URL, conn_max_age=None))}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "kepu.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                " PRAGMA wal_autocheckpoint=16384; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"
                " PRAGMA mmap_size=268435456;",
            },
            "TEST": {"NAME": HOME / "test.sqlite3"},
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["kepu.people.sessions.AccountBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/sign-in/"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
# Words that Wagtail's own Chinese lacks come before it.
LOCALE_PATHS = [PACKAGE / "content" / "wagtails"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = HOME / "media"
# The entries of closed years, as files (`kepu archive`).
KEPU_ARCHIVE = HOME / "archive"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "kepu.config.files.HashedStatic"},
}
# Maps are for developers' tools alone; the rest is small already.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("map", "png", "jpg", "jpeg", "webp", "gif", "ico", "woff", "woff2")

SECURE = environment.switch("KEPU_SECURE")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if KEPU_PROXIES else None
X_FRAME_OPTIONS = "SAMEORIGIN"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # the tasks of a county's villages are one form
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
SILENCED_SYSTEM_CHECKS: list[str] = []

WAGTAIL_SITE_NAME = "科普"
WAGTAILADMIN_BASE_URL = KEPU_SITE_URL or "http://127.0.0.1:8000"
WAGTAIL_FRONTEND_LOGIN_URL = WAGTAILADMIN_LOGIN_URL = LOGIN_URL
# Passwords are changed and reset on our own pages only.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_ALLOW_UNICODE_SLUGS = True
# Three people approve the very version that is published; see content/models/reviewing.py.
WAGTAIL_FINISH_WORKFLOW_ACTION = "kepu.content.publishing.publish_reviewed"
# Whose accounts are one person's: rooms of one floor do not see each other, and reviewers are people.
KEPU_HANDS_OF = "kepu.people.reads.hands_of"
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILEMBEDS_RESPONSIVE_HTML = True
# Which sizes of a picture exist is asked of the database alone: a memory of one process outlives a
# transaction that was taken back, and what another process deleted.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "renditions": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
}
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
# A photograph of a telephone fits; a picture of 128 million points, Wagtail's own limit, costs a gigabyte.
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 25_000_000
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_IMAGE_FORM_BASE = "kepu.content.used_pictures.PictureForm"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"kepu": {"level": "INFO"}},
}
