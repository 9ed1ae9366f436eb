/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define STATEROOM_TYPE_FORM (stateroom_form_get_type ())

/* The controls of one edit. Emits "changed" when they would make another edit. */
G_DECLARE_INTERFACE (StateroomForm, stateroom_form, STATEROOM, FORM, GtkWidget)

/**
 * StateroomFormInterface:
 * @dup_words: gives the verb and its words; %NULL as long as something is missing
 * @list_more: (nullable): gives the words of edits that follow that one
 * @show_preview: (nullable): shows what it does; %NULL where it cannot be done
 */
struct _StateroomFormInterface
{
  GTypeInterface parent_interface;

  GStrv (*dup_words)    (StateroomForm *self);
  GPtrArray *(*list_more) (StateroomForm *self);
  void  (*show_preview) (StateroomForm *self,
                         CkptEffect    *effect);
};

GStrv stateroom_form_dup_words    (StateroomForm *self);
GPtrArray *stateroom_form_list_more (StateroomForm *self);
void  stateroom_form_show_preview (StateroomForm *self,
                                   CkptEffect    *effect);
void  stateroom_form_changed      (gpointer       self);

G_END_DECLS
