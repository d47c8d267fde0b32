# Odoo 19: $ODOO_HOME if given, else Debian's package, else Odoo's repository.
# shellcheck shell=bash

ODOO_URL=https://github.com/odoo/odoo.git
ODOO_BRANCH=19.0
# Debian's Odoo links to other packages' files for its web assets. These come
# from the same suite, but for two fonts whose file names have changed since.
ODOO_PACKAGES=(odoo-19 libjs-jquery libjs-underscore libjs-jquery-form
    fonts-roboto-unhinted fonts-montserrat fonts-ocr-b
    fonts-font-awesome/bookworm fonts-inconsolata/bookworm)

odoo_label() { echo "Odoo 19"; }
odoo_key() { echo "1 ${ODOO_PACKAGES[*]}"; }
odoo_ready() {
    if [[ -n ${ODOO_HOME:-} ]]; then
        odoo_path >/dev/null || die "ODOO_HOME=$ODOO_HOME holds no Odoo (no odoo/release.py in it)"
        [[ $(odoo_version) == 19.* ]] || die "ODOO_HOME=$ODOO_HOME is Odoo $(odoo_version), 19.0 is needed"
        return 0
    fi
    stamp_is odoo "$(odoo_key)" && odoo_path >/dev/null
}

odoo_make() {
    local new=$ODOO_ROOT.new
    rm -rf "$new"
    if odoo_from_debian "$new"; then
        :
    elif have git; then
        say "  no Debian package to be had, cloning $ODOO_URL"
        logged odoo-git git clone --quiet --depth 1 -b "$ODOO_BRANCH" "$ODOO_URL" "$new" ||
            die "Odoo could not be cloned: check the network, or set ODOO_HOME to a checkout of Odoo 19"
    else
        die "neither apt nor git can fetch Odoo here: set ODOO_HOME to a checkout of Odoo 19"
    fi
    rm -rf "$ODOO_ROOT"
    mv "$new" "$ODOO_ROOT"
    stamp odoo "$(odoo_key)"
}

# The mirror that this machine's apt uses for Debian, or nothing.
debian_mirror() {
    local uri
    # shellcheck disable=SC2016  # the dollar signs are apt's
    uri=$(apt-get indextargets --format '$(REPO_URI)' \
        'Origin: Debian' 'Component: main' 2>/dev/null | sed '/security/d' | head -n 1) || true
    # Without downloaded lists apt does not know the origin yet.
    [[ -n $uri ]] || uri=$(apt-get update --print-uris 2>/dev/null |
        sed -n "s|^'\(.*/debian/\)dists/.*InRelease'.*|\1|p" | head -n 1)
    printf '%s' "${uri%/}"
}

# A private apt: own lists and folders, so it needs no root and changes nothing.
# -c is read last; by APT_CONFIG the machine's settings would win.
own_apt() {
    local tool=$1
    shift
    "$tool" -c "$RADIO_CACHE/apt/apt.conf" "$@"
}
own_apt_configure() {
    local apt=$RADIO_CACHE/apt mirror=$1 keyring=/usr/share/keyrings/debian-archive-keyring.gpg signed=""
    mkdir -p "$apt"/{lists/partial,archives/partial,download}
    [[ ! -f $keyring ]] || signed=" [signed-by=$keyring]"
    : >"$apt/status"
    printf 'deb%s %s %s main\n' "$signed" "$mirror" sid "$signed" "$mirror" bookworm >"$apt/sources.list"
    cat >"$apt/apt.conf" <<CONF
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
Dir::Etc::SourceList "$apt/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::State "$apt";
Dir::State::Lists "$apt/lists";
Dir::State::Status "$apt/status";
Dir::Cache "$apt";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
CONF
}
own_apt_download() (
    cd "$RADIO_CACHE/apt/download" || exit
    # Leftovers of an interrupted run: apt completes them or takes them as they are.
    own_apt apt-get download "$@"
)

odoo_from_debian() {
    local new=$1 mirror deb blur dangling
    have apt-get && have dpkg || return 1
    mirror=$(debian_mirror)
    [[ -n $mirror ]] || return 1
    own_apt_configure "$mirror"
    logged apt-update own_apt apt-get update || return 1
    own_apt apt-cache show odoo-19 >/dev/null 2>&1 || return 1
    logged apt-download own_apt_download "${ODOO_PACKAGES[@]}" || return 1
    mkdir -p "$new"
    for deb in "$RADIO_CACHE"/apt/download/*.deb; do
        dpkg -x "$deb" "$new" || die "unpacking $deb failed: is the disk full?"
    done
    # Debian leaves this file out (background blur of video calls), and every
    # browser test fails on its absence. Empty is enough.
    blur=$new/usr/lib/python3/dist-packages/odoo/addons/mail/static/lib/selfie_segmentation
    mkdir -p "$blur"
    [[ -f $blur/selfie_segmentation.js ]] || : >"$blur/selfie_segmentation.js"
    dangling=$(find "$new" -xtype l | head -n 3)
    [[ -z $dangling ]] || say "  warning: web assets that link to nothing: $dangling"
    # 200 MB that nobody needs any more.
    rm -rf "$RADIO_CACHE/apt/download" "$RADIO_CACHE/apt/lists"
}
