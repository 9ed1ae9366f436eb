/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define STATEROOM_TYPE_FACTS (stateroom_facts_get_type ())

/* A list of names with values. Both are plain text, never markup. */
G_DECLARE_FINAL_TYPE (StateroomFacts, stateroom_facts, STATEROOM, FACTS, GtkWidget)

GtkWidget  *stateroom_facts_new            (void);
void        stateroom_facts_set_selectable (StateroomFacts *self,
                                            gboolean        selectable);
void        stateroom_facts_clear          (StateroomFacts *self);
void        stateroom_facts_add            (StateroomFacts *self,
                                            const char     *name,
                                            const char     *value);
guint       stateroom_facts_get_n          (StateroomFacts *self);
const char *stateroom_facts_get_value      (StateroomFacts *self,
                                            const char     *name);

G_END_DECLS
