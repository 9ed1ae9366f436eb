/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-plain-form.h"

#include <glib/gi18n.h>

#include "stateroom-scope.h"

struct _StateroomPlainForm
{
  AdwPreferencesGroup parent_instance;

  const char *verb;
  AdwComboRow *scope_row; /* NULL where the place cannot be chosen */
};

static void form_init (StateroomFormInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (StateroomPlainForm,
                               stateroom_plain_form,
                               ADW_TYPE_PREFERENCES_GROUP,
                               G_IMPLEMENT_INTERFACE (STATEROOM_TYPE_FORM, form_init))

static GStrv
dup_words (StateroomForm *form)
{
  StateroomPlainForm *self = STATEROOM_PLAIN_FORM (form);
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

  g_strv_builder_add (words, self->verb);
  if (self->scope_row != NULL && !g_str_equal (stateroom_scope_get_path (self->scope_row), "."))
    g_strv_builder_add (words, stateroom_scope_get_path (self->scope_row));
  return g_strv_builder_end (words);
}

static void
form_init (StateroomFormInterface *iface)
{
  iface->dup_words = dup_words;
}

static void
stateroom_plain_form_class_init (StateroomPlainFormClass *klass)
{
}

static void
stateroom_plain_form_init (StateroomPlainForm *self)
{
}

/**
 * stateroom_plain_form_new:
 * @verb: what to do; a text that stays
 * @description: what that means
 * @item: (nullable): what is selected
 * @has_place: whether it is asked what the edit is for
 *
 * Returns: (transfer floating): a form
 */
GtkWidget *
stateroom_plain_form_new (const char *verb, const char *description, CkptItem *item, gboolean has_place)
{
  StateroomPlainForm *self = g_object_new (STATEROOM_TYPE_PLAIN_FORM, NULL);

  self->verb = verb;
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self), description);
  if (has_place)
    {
      self->scope_row = ADW_COMBO_ROW (adw_combo_row_new ());
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->scope_row), _ ("Where"));
      adw_combo_row_set_use_subtitle (self->scope_row, TRUE);
      stateroom_scope_fill (self->scope_row, item);
      stateroom_scope_narrow (self->scope_row);
      g_signal_connect_swapped (self->scope_row, "notify::selected", G_CALLBACK (stateroom_form_changed),
                                self);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), GTK_WIDGET (self->scope_row));
    }
  return GTK_WIDGET (self);
}
