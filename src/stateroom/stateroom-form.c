/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-form.h"

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_INTERFACE (StateroomForm, stateroom_form, GTK_TYPE_WIDGET)

static void
stateroom_form_default_init (StateroomFormInterface *iface)
{
  /**
   * StateroomForm::changed:
   *
   * The controls would make another edit.
   */
  signals[CHANGED] = g_signal_new ("changed", STATEROOM_TYPE_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

/**
 * stateroom_form_dup_words:
 *
 * Returns: (transfer full) (nullable): the verb and its words, or %NULL as long as something is missing
 */
GStrv
stateroom_form_dup_words (StateroomForm *self)
{
  g_return_val_if_fail (STATEROOM_IS_FORM (self), NULL);

  return STATEROOM_FORM_GET_IFACE (self)->dup_words (self);
}

/**
 * stateroom_form_list_more:
 *
 * Returns: (transfer full) (element-type GStrv): the words of edits that follow the first one, each with its verb
 */
GPtrArray *
stateroom_form_list_more (StateroomForm *self)
{
  g_return_val_if_fail (STATEROOM_IS_FORM (self), NULL);

  if (STATEROOM_FORM_GET_IFACE (self)->list_more != NULL)
    return STATEROOM_FORM_GET_IFACE (self)->list_more (self);
  return g_ptr_array_new ();
}

/**
 * stateroom_form_show_preview:
 * @effect: (nullable): what the edit does, or %NULL where it cannot be done
 *
 * Lets the form show what the edit does.
 */
void
stateroom_form_show_preview (StateroomForm *self, CkptEffect *effect)
{
  g_return_if_fail (STATEROOM_IS_FORM (self));

  if (STATEROOM_FORM_GET_IFACE (self)->show_preview != NULL)
    STATEROOM_FORM_GET_IFACE (self)->show_preview (self, effect);
}

/**
 * stateroom_form_changed:
 * @self: (type StateroomForm): a form
 *
 * Tells that the controls would make another edit; for the forms themselves.
 */
void
stateroom_form_changed (gpointer self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}
