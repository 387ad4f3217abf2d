"""The service's own settings with what a test run needs to be quick.

The environment is set here and not in a conftest: pytest-django reads the settings
before any conftest. Each process of a test run has a data folder of its own, so tests
share no cache, files or queue with each other or with a service that is running.
"""

import atexit
import os
import shutil
import tempfile

os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="ip-readiness-test-")
os.environ["DEMO"] = "off"
atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)

from backend.settings import *  # noqa: E402, F403
from backend.settings import DATA_DIR, DATABASES, STORAGES  # noqa: E402

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, as in real life: threads of a live server have connections of their own.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}

STORAGES = {
    **STORAGES,
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
# Argon2 is slow by design; a test signs in hundreds of times.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
