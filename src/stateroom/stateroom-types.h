/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Names of the app's types, so that their headers need not include each other. */
typedef struct _StateroomApplication StateroomApplication;
typedef struct _StateroomPage StateroomPage;
typedef struct _StateroomTreeView StateroomTreeView;
typedef struct _StateroomWindow StateroomWindow;

#define STATEROOM_APP_ID "io.github.stateroom.Stateroom"

G_END_DECLS
