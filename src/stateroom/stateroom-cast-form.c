/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-cast-form.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "stateroom-scope.h"

struct _StateroomCastForm
{
  GtkBox parent_instance;

  AdwComboRow *scope_row;
  AdwComboRow *dtype_row;
  GtkStringList *dtypes;
  AdwSwitchRow *norm_row;
  AdwSwitchRow *optimizer_row;
};

static void form_init (StateroomFormInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (StateroomCastForm,
                               stateroom_cast_form,
                               GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (STATEROOM_TYPE_FORM, form_init))

static void
on_changed (StateroomCastForm *self)
{
  stateroom_form_changed (self);
}

static GStrv
dup_words (StateroomForm *form)
{
  StateroomCastForm *self = STATEROOM_CAST_FORM (form);
  const char *path = stateroom_scope_get_path (self->scope_row);
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

  g_strv_builder_add_many (
      words, "cast", gtk_string_list_get_string (self->dtypes, adw_combo_row_get_selected (self->dtype_row)),
      NULL);
  if (!g_str_equal (path, "."))
    g_strv_builder_add (words, path);
  if (adw_switch_row_get_active (self->norm_row))
    g_strv_builder_add (words, "--keep-norm");
  if (adw_switch_row_get_active (self->optimizer_row))
    g_strv_builder_add (words, "--keep-optimizer");
  return g_strv_builder_end (words);
}

static void
form_init (StateroomFormInterface *iface)
{
  iface->dup_words = dup_words;
}

static void
stateroom_cast_form_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), STATEROOM_TYPE_CAST_FORM);

  G_OBJECT_CLASS (stateroom_cast_form_parent_class)->dispose (object);
}

static void
stateroom_cast_form_class_init (StateroomCastFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = stateroom_cast_form_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stateroom/Stateroom/stateroom-cast-form.ui");
  gtk_widget_class_bind_template_child (widget_class, StateroomCastForm, scope_row);
  gtk_widget_class_bind_template_child (widget_class, StateroomCastForm, dtype_row);
  gtk_widget_class_bind_template_child (widget_class, StateroomCastForm, dtypes);
  gtk_widget_class_bind_template_child (widget_class, StateroomCastForm, norm_row);
  gtk_widget_class_bind_template_child (widget_class, StateroomCastForm, optimizer_row);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
}

static void
stateroom_cast_form_init (StateroomCastForm *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * stateroom_cast_form_new:
 * @item: (nullable): what is selected
 *
 * Returns: (transfer floating): a form that halves the bytes of what is selected
 */
GtkWidget *
stateroom_cast_form_new (CkptItem *item)
{
  StateroomCastForm *self = g_object_new (STATEROOM_TYPE_CAST_FORM, NULL);

  stateroom_scope_fill (self->scope_row, item);
  stateroom_scope_narrow (self->scope_row);
  return GTK_WIDGET (self);
}

/**
 * stateroom_cast_form_set_dtype:
 * @name: one of the types that are offered
 *
 * Chooses a type.
 */
void
stateroom_cast_form_set_dtype (StateroomCastForm *self, const char *name)
{
  g_return_if_fail (STATEROOM_IS_CAST_FORM (self));

  adw_combo_row_set_selected (self->dtype_row, gtk_string_list_find (self->dtypes, name));
}
