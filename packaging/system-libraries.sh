#!/bin/sh
# Qt needs a few system libraries that a bare Debian or Ubuntu lacks. Installs them where that is
# allowed; otherwise says which to install. Usage: system-libraries.sh PYTHON
set -u
python=$1
packages="libegl1 libgl1 libxkbcommon0 libxkbcommon-x11-0 libdbus-1-3 libfontconfig1 libfreetype6
libglib2.0-0 libx11-xcb1 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0
libxcb-shape0 libxcb-xinerama0 libxcb-xkb1 libseccomp2 fonts-dejavu-core"

qt_loads() {
    QT_QPA_PLATFORM=offscreen "$python" -c \
        'from PySide6 import QtWidgets, QtSvg; QtWidgets.QApplication([])' >/dev/null 2>&1
}

# Whether the plugin for a real window has all it needs.
window_loads() {
    plugin=$("$python" -c 'import os, PySide6; print(os.path.join(
        os.path.dirname(PySide6.__file__), "Qt/plugins/platforms/libqxcb.so"))')
    ! ldd "$plugin" 2>/dev/null | grep -q "not found"
}

if qt_loads && window_loads; then
    exit 0
fi
if [ "$(uname -s)" != Linux ]; then
    qt_loads && exit 0
    echo "Qt does not load on this machine." >&2
    exit 1
fi
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends $packages >/dev/null
elif command -v apt-get >/dev/null && sudo -n true 2>/dev/null; then
    sudo apt-get update -qq && sudo DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends $packages >/dev/null
fi
if qt_loads; then
    exit 0
fi
echo "Qt needs system libraries; on Debian or Ubuntu: sudo apt-get install" $packages >&2
exit 1
