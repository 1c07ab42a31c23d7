"""Every setting in one place; the environment decides, and a malformed value stops the start.

`docs/operations.md` and `.env.example` explain each name that is read here; a test compares the three.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from backupweb.lib import headers
from backupweb.lib.env import Environment, Rate
from backupweb.lib.keyfile import development_key
from backupweb.lib.transfer import public_origin

BASE_DIR = Path(__file__).resolve().parent.parent
ENV = Environment(os.environ)

# ---------------------------------------------------------------- what this server is

BACKUPWEB_MODE = ENV.choice("BACKUPWEB_MODE", "development", ("development", "production"))
DEVELOPMENT = BACKUPWEB_MODE == "development"
# `vault`: the key vault alone, on a host of its own (docs/vault.md §9); the last section takes everything else away.
BACKUPWEB_ROLE = ENV.choice("BACKUPWEB_ROLE", "site", ("site", "vault"))
IS_SITE = BACKUPWEB_ROLE == "site"
BACKUPWEB_DATA = ENV.path("BACKUPWEB_DATA", BASE_DIR / "var")
BACKUPWEB_DATA.mkdir(mode=0o700, parents=True, exist_ok=True)

# Never Django's debug pages, not even in development: a frame of a stack may hold what a person sent.
DEBUG = False

_secret = ENV.secret("BACKUPWEB_SECRET_KEY")
if _secret is None and not DEVELOPMENT and IS_SITE:
    raise ImproperlyConfigured("BACKUPWEB_SECRET_KEY or BACKUPWEB_SECRET_KEY_FILE must be set in production")
SECRET_KEY = (_secret or development_key(BACKUPWEB_DATA / "secret-key")).expose().decode()

# ---------------------------------------------------------------- addresses

if not DEVELOPMENT and IS_SITE and ENV.optional("BACKUPWEB_URL") is None:
    raise ImproperlyConfigured("BACKUPWEB_URL must be set in production")
BACKUPWEB_URL = ENV.origin("BACKUPWEB_URL", "http://localhost:8000")
_url = urlsplit(BACKUPWEB_URL)
_hosts = [str(_url.hostname), *filter(None, re.split(r"[\s,]+", ENV.text("BACKUPWEB_HOSTS", "")))]
# A development server answers to this machine's names only: put on the internet by mistake, it answers nobody.
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"] if DEVELOPMENT else _hosts
CSRF_TRUSTED_ORIGINS = [] if DEVELOPMENT else [BACKUPWEB_URL]
BACKUPWEB_PROXIES = ENV.number("BACKUPWEB_PROXIES", 0)
ALLAUTH_TRUSTED_PROXY_COUNT = BACKUPWEB_PROXIES
if BACKUPWEB_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

ROOT_URLCONF = "backupweb.urls"
ASGI_APPLICATION = "backupweb.asgi.application"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/app/"
LOGOUT_REDIRECT_URL = "/"
CSRF_FAILURE_VIEW = "backupweb.pages.forgery"

# ---------------------------------------------------------------- rooms and layers

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",  # the theme; the site itself is ours
    "unfold.contrib.filters",
    "backupweb.accounts.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.headless",
    "allauth.usersessions",
    "auditlog",
    "channels",
    "csp",
    "django_vite",
    "ninja",
    "django_tasks",
    "django_tasks_db",
    "backupweb.accounts",
    "backupweb.keyring",
    "backupweb.backups",
    "backupweb.vault",
    "backupweb.pairing",
    "backupweb.ops",
]

MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",  # outermost: whatever answers, the answer carries the policy
    "backupweb.lib.headers.companions",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "backupweb.lib.files.StaticFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "backupweb.lib.http.one_shape",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "backupweb.accounts.middleware.preferred_language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "backupweb.accounts.middleware.name_device",
    "allauth.account.middleware.AccountMiddleware",
    "backupweb.accounts.middleware.note_session",
    "backupweb.accounts.middleware.refuse_key_material",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# ---------------------------------------------------------------- what is kept


def _database(setting: str, default: str) -> dict[str, Any]:
    found: dict[str, Any] = environ.Env.db_url_config(ENV.text(setting, default))
    if found["ENGINE"] == "django.db.backends.sqlite3":
        found["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # FULL: a head that was acknowledged must not vanish in a power cut.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        }
    elif found["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured(f"{setting} must be a sqlite:// or a postgres:// address")
    return found


_home = ENV.text("DATABASE_URL", f"sqlite:///{BACKUPWEB_DATA / 'db.sqlite3'}")
# The vault's tables have a connection of their own, so that a guess is committed whatever the request around it does.
# On SQLite they have a file of their own too; on PostgreSQL they share the site's database unless another is named.
_vault_home = _home if _home.startswith("postgres") else f"sqlite:///{BACKUPWEB_DATA / 'vault.sqlite3'}"
DATABASES: dict[str, Any] = {
    "default": _database("DATABASE_URL", _home),
    "vault": _database("BACKUPWEB_VAULT_DATABASE_URL", _vault_home),
}
VAULT_SHARES_DATABASE = all(
    DATABASES["vault"][part] == DATABASES["default"][part] for part in ("ENGINE", "NAME", "HOST", "PORT")
)
# So many requests a web process works on at once, each with a connection of its own; further ones wait.
BACKUPWEB_THREADS = ENV.number("BACKUPWEB_THREADS", 16, at_least=1)
DATABASE_ROUTERS = ["backupweb.lib.databases.Rooms"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STORES = ("file", "s3", "gs", "azure", "sftp", "dropbox")
BACKUPWEB_STORE = ENV.address("BACKUPWEB_STORE", f"file://{BACKUPWEB_DATA / 'packs'}", STORES)
BACKUPWEB_STORE_KEY = ENV.secret("BACKUPWEB_STORE_KEY")
BACKUPWEB_STORE_SECRET = ENV.secret("BACKUPWEB_STORE_SECRET")
# A second store while one is left for the other: it is read and deleted from too (docs/stores.md, "Moving").
BACKUPWEB_STORE_OTHER: str | None = None
if ENV.optional("BACKUPWEB_STORE_OTHER") is not None:
    BACKUPWEB_STORE_OTHER = ENV.address("BACKUPWEB_STORE_OTHER", "", STORES)
BACKUPWEB_STORE_OTHER_KEY = ENV.secret("BACKUPWEB_STORE_OTHER_KEY")
BACKUPWEB_STORE_OTHER_SECRET = ENV.secret("BACKUPWEB_STORE_OTHER_SECRET")
# Who carries sealed bytes: this site, the browser and the store between themselves, or nginx after asking this site.
BACKUPWEB_TRANSFER = ENV.choice("BACKUPWEB_TRANSFER", "proxy", ("proxy", "direct", "nginx"))
BACKUPWEB_STORE_PUBLIC = public_origin(ENV, BACKUPWEB_TRANSFER, BACKUPWEB_STORE)

# The vault's ledger and, unless a token holds it, its key-encryption key: outside every database.
BACKUPWEB_VAULT_KEYS = ENV.path("BACKUPWEB_VAULT_KEYS", BACKUPWEB_DATA / "vault-keys")
BACKUPWEB_VAULT_PKCS11_LIBRARY = ENV.file("BACKUPWEB_VAULT_PKCS11_LIBRARY")
BACKUPWEB_VAULT_PKCS11_TOKEN = ENV.text("BACKUPWEB_VAULT_PKCS11_TOKEN", "backupweb")
BACKUPWEB_VAULT_PKCS11_PIN = ENV.secret("BACKUPWEB_VAULT_PKCS11_PIN")
if BACKUPWEB_VAULT_PKCS11_LIBRARY is not None and BACKUPWEB_VAULT_PKCS11_PIN is None:
    raise ImproperlyConfigured("BACKUPWEB_VAULT_PKCS11_PIN or BACKUPWEB_VAULT_PKCS11_PIN_FILE must be set for a token")

# A vault on a host of its own, and who one is to the other: the same three names on the site and on the vault.
BACKUPWEB_VAULT_URL: str | None = None
if ENV.optional("BACKUPWEB_VAULT_URL") is not None:
    ENV.address("BACKUPWEB_VAULT_URL", "", ("https",))  # never in the clear
    BACKUPWEB_VAULT_URL = ENV.origin("BACKUPWEB_VAULT_URL", "")
BACKUPWEB_VAULT_CA = ENV.file("BACKUPWEB_VAULT_CA")
BACKUPWEB_VAULT_CERTIFICATE = ENV.file("BACKUPWEB_VAULT_CERTIFICATE")
BACKUPWEB_VAULT_CERTIFICATE_KEY = ENV.file("BACKUPWEB_VAULT_CERTIFICATE_KEY")

BACKUPWEB_DEFAULT_QUOTA = ENV.size("BACKUPWEB_DEFAULT_QUOTA", "5GB")
BACKUPWEB_GRACE_HOURS = ENV.number("BACKUPWEB_GRACE_HOURS", 24, at_least=1)

# How an account ends, in days; 0 is never.
BACKUPWEB_DELETION_DAYS = ENV.number("BACKUPWEB_DELETION_DAYS", 14, at_least=1)
BACKUPWEB_INACTIVE_DAYS = ENV.number("BACKUPWEB_INACTIVE_DAYS", 0)
BACKUPWEB_INACTIVE_DELETE = ENV.flag("BACKUPWEB_INACTIVE_DELETE", default=False)
BACKUPWEB_OLD_BACKUP_DAYS = ENV.number("BACKUPWEB_OLD_BACKUP_DAYS", 60)

# Who runs this site, and whom to ask: on every page and in every letter, where they are set.
BACKUPWEB_IMPRINT_URL = ENV.link("BACKUPWEB_IMPRINT_URL")
BACKUPWEB_PRIVACY_URL = ENV.link("BACKUPWEB_PRIVACY_URL")
BACKUPWEB_CONTACT = ENV.link("BACKUPWEB_CONTACT", mail=True)

_redis = ENV.optional("BACKUPWEB_REDIS_URL")
SEVERAL_PROCESSES = _redis is not None
CHANNEL_LAYERS: dict[str, Any] = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
CACHES: dict[str, Any] = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if _redis is not None:
    _redis = ENV.address("BACKUPWEB_REDIS_URL", "", ("redis", "rediss", "unix"))
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            # The layer waits five seconds for news at a time, and so long the client gives any answer by default: one
            # of the two would win by chance, and every quiet socket would be closed sooner or later.
            "CONFIG": {"hosts": [{"address": _redis, "socket_timeout": 20}]},
        },
    }
    # A Redis that does not answer must not be waited for at every step.
    _patience: dict[str, Any] = {"socket_timeout": 2}
    if not _redis.startswith("unix"):
        _patience["socket_connect_timeout"] = 1
    CACHES = {
        "default": {"BACKEND": "backupweb.lib.sturdycache.SturdyRedisCache", "LOCATION": _redis, "OPTIONS": _patience}
    }

# Who does what nobody waits for, such as sending a letter: the worker (`manage.py work`), or whoever finds it, at once.
BACKUPWEB_JOBS = ENV.choice("BACKUPWEB_JOBS", "at-once" if DEVELOPMENT else "worker", ("worker", "at-once"))
_jobs = {"worker": "django_tasks_db.DatabaseBackend", "at-once": "django_tasks.backends.immediate.ImmediateBackend"}
TASKS = {"default": {"BACKEND": _jobs[BACKUPWEB_JOBS], "QUEUES": ["default", "duties"]}}
# Where the worker lays a copy of the metadata every day; nowhere, unless a folder is named.
BACKUPWEB_BACKUPS = ENV.folder("BACKUPWEB_BACKUPS")
# Models that turn voice notes into text, on the devices of those who ask for it; none, unless a folder is named.
BACKUPWEB_SPEECH_MODELS = ENV.folder("BACKUPWEB_SPEECH_MODELS")

# A commit carries a sealed head and the ids of what a snapshot needs; sealed objects never pass through Django.
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

# ---------------------------------------------------------------- how often something may be done

# Of one network address: signing in, wrong sign-in passwords, signing up.
BACKUPWEB_LIMIT_SIGN_IN = ENV.rate("BACKUPWEB_LIMIT_SIGN_IN", "30/60")
BACKUPWEB_LIMIT_WRONG_FROM_ADDRESS = ENV.rate("BACKUPWEB_LIMIT_WRONG_FROM_ADDRESS", "10/60")
BACKUPWEB_LIMIT_SIGN_UP = ENV.rate("BACKUPWEB_LIMIT_SIGN_UP", "20/60")
# Of one account: wrong sign-in passwords, letters with a code or a link, showing once more who one is.
BACKUPWEB_LIMIT_WRONG_PASSWORD = ENV.rate("BACKUPWEB_LIMIT_WRONG_PASSWORD", "5/300")
BACKUPWEB_LIMIT_LETTERS = ENV.rate("BACKUPWEB_LIMIT_LETTERS", "3/60")
BACKUPWEB_LIMIT_CONFIRM = ENV.rate("BACKUPWEB_LIMIT_CONFIRM", "10/60")
# Of one account that is signed in. The vault's guesses are counted exactly, elsewhere: this is beside them.
BACKUPWEB_LIMIT_VAULT = ENV.rate("BACKUPWEB_LIMIT_VAULT", "60/3600")
BACKUPWEB_LIMIT_VAULT_ENROL = ENV.rate("BACKUPWEB_LIMIT_VAULT_ENROL", "20/3600")
BACKUPWEB_LIMIT_BEGIN = ENV.rate("BACKUPWEB_LIMIT_BEGIN", "3000/60")
BACKUPWEB_LIMIT_COMMIT = ENV.rate("BACKUPWEB_LIMIT_COMMIT", "120/60")
BACKUPWEB_LIMIT_PAIRING = ENV.rate("BACKUPWEB_LIMIT_PAIRING", "30/600")
BACKUPWEB_LIMIT_PAIRING_JOIN = ENV.rate("BACKUPWEB_LIMIT_PAIRING_JOIN", "60/600")
BACKUPWEB_LIMIT_ROOM = ENV.rate("BACKUPWEB_LIMIT_ROOM", "5/86400")

# ---------------------------------------------------------------- who signs in

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

BACKUPWEB_SIGNUP = ENV.choice("BACKUPWEB_SIGNUP", "open" if DEVELOPMENT else "invite", ("open", "invite", "closed"))
ACCOUNT_ADAPTER = "backupweb.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_USERNAME_MIN_LENGTH = 2
ACCOUNT_USERNAME_BLACKLIST = ["admin", "administrator", "root", "staff", "support", "backupweb"]
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Backupweb: "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _url.scheme
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60


def _allauth_rate(rate: Rate, per: str) -> str:
    return f"{rate.number}/{rate.seconds}s/{per}"


_from_address = _allauth_rate(BACKUPWEB_LIMIT_SIGN_IN, "ip")
_asked_again = _allauth_rate(BACKUPWEB_LIMIT_CONFIRM, "user")
_letters = f"{_from_address},{_allauth_rate(BACKUPWEB_LIMIT_LETTERS, 'key')}"
ACCOUNT_RATE_LIMITS = {
    "login": _from_address,
    "login_failed": ",".join(
        (
            _allauth_rate(BACKUPWEB_LIMIT_WRONG_FROM_ADDRESS, "ip"),
            _allauth_rate(BACKUPWEB_LIMIT_WRONG_PASSWORD, "key"),
        )
    ),
    "signup": _allauth_rate(BACKUPWEB_LIMIT_SIGN_UP, "ip"),
    "request_login_code": _letters,
    "reset_password": _letters,
    "reset_password_from_key": _from_address,
    "reauthenticate": _asked_again,
    "change_password": _asked_again,
    "manage_email": _asked_again,
}

MFA_ADAPTER = "backupweb.accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Backupweb"
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a passkey that was only found must not be enough
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEVELOPMENT  # http://localhost is not https
HEADLESS_CLIENTS = ("browser",)
HEADLESS_SERVE_SPECIFICATION = False
USERSESSIONS_ADAPTER = "backupweb.accounts.adapters.UserSessionsAdapter"
USERSESSIONS_TRACK_ACTIVITY = True

SESSION_ENGINE = "django.contrib.sessions.backends.db"  # a session that was revoked is gone at once, everywhere
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 24 * 3600
CSRF_COOKIE_SAMESITE = "Lax"

_https = _url.scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _https
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _https else 0
# The proxy in front redirects; health probes inside the network speak plain HTTP.
SECURE_SSL_REDIRECT = False
SECURE_REFERRER_POLICY = headers.COMPANIONS["Referrer-Policy"]
SECURE_CROSS_ORIGIN_OPENER_POLICY = headers.COMPANIONS["Cross-Origin-Opener-Policy"]
CONTENT_SECURITY_POLICY = {"DIRECTIVES": headers.directives(BACKUPWEB_STORE_PUBLIC)}
PERMISSIONS_POLICY = headers.PERMISSIONS

# ---------------------------------------------------------------- letters

_mail = ENV.secret("BACKUPWEB_EMAIL_URL")  # holds a password
if _mail is None:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
else:
    _mail_settings = environ.Env.email_url_config(_mail.expose().decode())
    EMAIL_BACKEND = _mail_settings["EMAIL_BACKEND"]
    EMAIL_HOST = _mail_settings.get("EMAIL_HOST") or "localhost"
    EMAIL_PORT = _mail_settings.get("EMAIL_PORT") or 25
    EMAIL_HOST_USER = _mail_settings.get("EMAIL_HOST_USER") or ""
    EMAIL_HOST_PASSWORD = _mail_settings.get("EMAIL_HOST_PASSWORD") or ""
    EMAIL_USE_TLS = bool(_mail_settings.get("EMAIL_USE_TLS"))
    EMAIL_USE_SSL = bool(_mail_settings.get("EMAIL_USE_SSL"))
    EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = ENV.text("BACKUPWEB_EMAIL_FROM", f"Backupweb <noreply@{_url.hostname}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# ---------------------------------------------------------------- languages and files of the pages

LANGUAGE_CODE = "en"
LANGUAGES = [("de", _("German")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "backupweb" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
FORMAT_MODULE_PATH = "backupweb.lib.formats"

_dist = BASE_DIR / "frontend" / "dist"
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static"
STATICFILES_DIRS = [_dist] if _dist.is_dir() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # no upload goes through Django
    "staticfiles": {"BACKEND": "backupweb.lib.files.Collected"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
# A rebuilt page is served at once in development; production serves what `make build` collected.
WHITENOISE_USE_FINDERS = DEVELOPMENT
WHITENOISE_AUTOREFRESH = DEVELOPMENT
# Vite's own hashed names, and folders that are named for the version or the hash of all that is in them (Python and
# Whisper for the browser): they never change their content.
_HASHED = re.compile(
    r"^/static/(assets/.+-[A-Za-z0-9_-]{8}\.[a-z0-9.]+|pyodide/[0-9]+\.[0-9.]+/[^/]+|wheels/[0-9a-f]{12}/[^/]+|"
    r"whisper/[0-9.]+/[^/]+)$"
)


def WHITENOISE_IMMUTABLE_FILE_TEST(path: str, url: str) -> bool:  # noqa: N802  # WhiteNoise's name
    """Whether browsers may keep this file for good."""
    return _HASHED.match(url) is not None


DJANGO_VITE = {
    "default": {
        "manifest_path": _dist / "manifest.json",
        "app_client_class": "backupweb.lib.vite.FreshAssets"
        if DEVELOPMENT
        else "django_vite.core.asset_loader.DjangoViteAppClient",
    }
}

# A plan is written down by its name: its number says nothing to who reads it a year later.
AUDITLOG_USE_FK_STRING_REPRESENTATION = True

UNFOLD = {
    "SITE_TITLE": "Backupweb",
    "SITE_HEADER": "Backupweb",
    "SITE_URL": "/",
    "SITE_SYMBOL": "lock",
    "DASHBOARD_CALLBACK": "backupweb.ops.dashboard.fill",
    "SIDEBAR": {"navigation": "backupweb.ops.navigation.sidebar"},
    "STYLES": [STATIC_URL + "ops/admin.css"],
    "SHOW_BACK_BUTTON": True,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "backupweb.ops.navigation.icon"}],
    "SHOW_HISTORY": False,  # the audit log knows more
    # The paper and the green of the site, from light to dark.
    "COLORS": {
        "base": {
            "50": "#f8f4ed",
            "100": "#f1eadf",
            "200": "#e4dbcb",
            "300": "#cfc3ae",
            "400": "#b0a48f",
            "500": "#6b6152",
            "600": "#544c40",
            "700": "#423b31",
            "800": "#332e27",
            "900": "#1f1c18",
            "950": "#141210",
        },
        "primary": {
            "50": "oklch(97% .015 175)",
            "100": "oklch(94% .03 175)",
            "200": "oklch(88% .045 175)",
            "300": "oklch(80% .06 175)",
            "400": "oklch(70% .07 175)",
            "500": "oklch(72% .075 175)",  # on dark paper
            "600": "oklch(45% .065 175)",
            "700": "oklch(39% .055 175)",
            "800": "oklch(33% .045 175)",
            "900": "oklch(28% .035 175)",
            "950": "oklch(20% .025 175)",
        },
    },
}

# ---------------------------------------------------------------- what is written down

BACKUPWEB_LOG_LEVEL = ENV.choice("BACKUPWEB_LOG_LEVEL", "info", ("debug", "info", "warning", "error")).upper()
# One line per answer: its route's name, status, milliseconds and bytes, no path and no address.
BACKUPWEB_REQUEST_LOG = ENV.flag("BACKUPWEB_REQUEST_LOG", default=False)
# Who shows it may read the counts at /metrics; without one nothing is counted.
BACKUPWEB_METRICS_TOKEN = ENV.secret("BACKUPWEB_METRICS_TOKEN")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "backupweb.lib.logs.JsonLines"}},
    "handlers": {
        "lines": {"class": "logging.StreamHandler", "formatter": "lines", "level": BACKUPWEB_LOG_LEVEL},
        "keeper": {"class": "backupweb.ops.keeper.Keeper"},
    },
    "root": {"handlers": ["lines"], "level": "WARNING"},
    "loggers": {
        "backupweb": {"level": BACKUPWEB_LOG_LEVEL},
        # Not quieter than this: what a person can look up does not depend on how much the log says.
        "backupweb.security": {"handlers": ["keeper"], "level": "INFO"},
        # Django's own handlers would send mail with local variables in it.
        "django": {"handlers": ["lines"], "level": "WARNING", "propagate": False},
        # An expected refusal is no event; its address may carry a one-time link.
        "django.request": {"handlers": ["lines"], "level": "ERROR", "propagate": False},
    },
}

for _name in ("BACKUPWEB_ADMIN_NAME", "BACKUPWEB_ADMIN_EMAIL"):
    ENV.optional(_name)  # `manage.py setup` reads them; asked for here so that every name is known
ENV.known |= {"BACKUPWEB_ADMIN_PASSWORD", "BACKUPWEB_ADMIN_PASSWORD_FILE"}

# ---------------------------------------------------------------- a vault on its own host

if not IS_SITE:
    # No accounts, no sessions, no pages: its tables and nothing else, and both aliases are its one database.
    INSTALLED_APPS = ["backupweb.vault", "backupweb.vault.host"]
    MIDDLEWARE = []
    TEMPLATES = []
    ROOT_URLCONF = ""
    LOGGING["loggers"]["backupweb.security"]["handlers"] = []
    CSRF_FAILURE_VIEW = "django.views.csrf.csrf_failure"  # ours is a page
    BACKUPWEB_VAULT_URL = None
    DATABASES["default"] = {**DATABASES["vault"]}
    VAULT_SHARES_DATABASE = True
