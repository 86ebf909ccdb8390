"""Getting Odoo 19: Debian's package of it, unpacked beside the fonts and scripts that it links to.

The package lies in Debian's unstable suite. It is fetched by apt itself with sources, lists and
cache of its own, so signatures and checksums are verified as always, the machine's configuration
is neither changed nor used beyond its mirror, and nothing is installed. Whoever has Odoo already
names its folder in ``ODOO_SOURCE``, and nothing is fetched.
"""

import os
import shutil
import tarfile
from pathlib import Path

from . import commands, places
from .trouble import Trouble, say

# What Odoo's web client links to. Two come from Debian 12: unstable has moved their files.
PACKAGES = (
    "odoo-19/sid",
    "libjs-jquery/sid",
    "libjs-jquery-form/sid",
    "libjs-underscore/sid",
    "fonts-roboto-unhinted/sid",
    "fonts-montserrat/sid",
    "fonts-ocr-b/sid",
    "fonts-glyphicons-halflings/sid",
    "fonts-font-awesome/bookworm",
    "fonts-inconsolata/bookworm",
)
SUITES = ("bookworm", "sid")
DIST_PACKAGES = Path("usr/lib/python3/dist-packages")

# Debian leaves this file out; the discuss app's bundle names it.
SEGMENTATION = "selfie_segmentation.js"
SEGMENTATION_PACKAGE = "@mediapipe/selfie_segmentation@0.1.1675465747"
SEGMENTATION_FOLDER = Path("odoo/addons/mail/static/lib/selfie_segmentation")


def path() -> Path:
    """The folder that holds the package ``odoo``: ``ODOO_SOURCE`` or the cache's."""
    named = os.environ.get("ODOO_SOURCE")
    if named:
        return _checked(Path(named).expanduser().resolve())
    return places.cache() / "odoo-19" / DIST_PACKAGES


def addons_paths() -> list[Path]:
    """Add-on folders besides ``odoo/addons``, which Odoo finds by itself.

    Debian's package has the whole set in ``odoo/addons``, and an incomplete copy in ``addons``
    that must not be used; a clone of Odoo's repository has only ``base`` there, and the others in
    ``addons``.
    """
    source = path()
    return [] if (source / "odoo/addons/mail").is_dir() else [source / "addons"]


def ensure() -> Path:
    """Fetch Odoo unless it is there; returns ``path()``. The caller holds the cache's lock."""
    source = path()
    if not source.is_dir():
        say("Fetching Odoo 19 (about 130 MB).")
        _fetch()
    return source


def _checked(source: Path) -> Path:
    if not (source / "odoo" / "release.py").is_file():
        raise Trouble(
            f"ODOO_SOURCE={source} holds no Odoo: it should be the folder with odoo/release.py."
        )
    return source


def _fetch() -> None:
    """Unpack beside the final folder and rename: a fetch that was cut short leaves nothing."""
    work = places.cache() / "odoo-19.part"
    shutil.rmtree(work, ignore_errors=True)
    root = work / "root"
    root.mkdir(parents=True)
    for archive in _download(work / "apt"):
        commands.run(["dpkg-deb", "-x", archive, root], f"Unpacking {archive.name}")
    _add_segmentation(work, root / DIST_PACKAGES / SEGMENTATION_FOLDER)
    _check_links(root)
    root.rename(places.cache() / "odoo-19")
    shutil.rmtree(work)


def _download(folder: Path) -> list[Path]:
    """The ``.deb`` files, checked by apt against the archive's signatures."""
    apt_get = commands.find("apt-get")
    options = ["-c", str(_apt_configuration(folder, _mirror()))]
    commands.run([apt_get, *options, "update"], "Reading Debian's package lists")
    archives = folder / "archives"
    archives.mkdir()
    commands.run([apt_get, *options, "download", *PACKAGES], "Downloading Odoo", cwd=archives)
    return sorted(archives.glob("*.deb"))


def _mirror() -> str:
    """The machine's own Debian mirror."""
    sites = commands.run(
        [commands.find("apt-get"), "indextargets", "--format", "$(SITE)"],
        "Asking apt for its mirror",
    )
    for site in sites.split():
        if site.endswith("/debian"):
            return site
    raise Trouble(
        "apt on this machine knows no Debian mirror. Get Odoo 19 another way (a shallow clone of "
        "its 19.0 branch will do) and name the folder: make run ODOO_SOURCE=…"
    )


def _apt_configuration(folder: Path, mirror: str) -> Path:
    """Sources, lists and cache of their own, in that folder."""
    for name in ("lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True)
    sources = "".join(f"deb {mirror} {suite} main\n" for suite in SUITES)
    (folder / "sources.list").write_text(sources)
    configuration = folder / "apt.conf"
    configuration.write_text(
        f"""\
Dir::Etc::sourcelist "{folder}/sources.list";
Dir::Etc::sourceparts "-";
Dir::State::lists "{folder}/lists";
Dir::Cache "{folder}/cache";
Acquire::Languages "none";
APT::Sandbox::User "";
"""
    )
    return configuration


def _add_segmentation(work: Path, folder: Path) -> None:
    """Take the one file out of its npm package."""
    npm = commands.find("npm")
    commands.run(
        [npm, "pack", SEGMENTATION_PACKAGE, "--pack-destination", work],
        "Downloading a script of the web client",
        cwd=work,
    )
    (archive,) = work.glob("*.tgz")
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as package:
        content = package.extractfile(f"package/{SEGMENTATION}").read()
    (folder / SEGMENTATION).write_bytes(content)


def _check_links(root: Path) -> None:
    """A link that leads nowhere would show up much later, as an icon that is missing."""
    addons = root / DIST_PACKAGES / "odoo"
    broken = commands.run(["find", addons, "-xtype", "l"], "Checking Odoo's links").split()
    if broken:
        raise Trouble(f"Odoo's files link to files that are not there, first: {broken[0]}")
