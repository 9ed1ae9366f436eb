/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* For the data of an asynchronous call: a widget that is closed meanwhile must go at once, and cancel the call as it goes,
 * which it never would while the call keeps it. */
gpointer stateroom_weak_new  (gpointer object);
/* What is left of it: a reference, or NULL. Frees @weak. */
gpointer stateroom_weak_take (gpointer weak);

G_END_DECLS
