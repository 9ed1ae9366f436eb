/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define STATEROOM_TYPE_EFFECT_VIEW (stateroom_effect_view_get_type ())

/* Says what an edit would do: what it touches, bytes more or less, what there is to know; or why it cannot be done. */
G_DECLARE_FINAL_TYPE (StateroomEffectView, stateroom_effect_view, STATEROOM, EFFECT_VIEW, AdwBin)

void        stateroom_effect_view_set_busy   (StateroomEffectView *self);
void        stateroom_effect_view_set_effect (StateroomEffectView *self,
                                              const char          *title,
                                              gint64               n_bytes,
                                              GPtrArray           *notes);
void        stateroom_effect_view_set_note   (StateroomEffectView *self,
                                              const char          *note);
void        stateroom_effect_view_set_error  (StateroomEffectView *self,
                                              const char          *message);
const char *stateroom_effect_view_get_title  (StateroomEffectView *self);
/* "12.3 MB smaller", or NULL where the size stays. */
char       *stateroom_effect_view_dup_bytes  (gint64               n_bytes);

G_END_DECLS
