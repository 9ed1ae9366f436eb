/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-pattern-form.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "stateroom-key-preview.h"
#include "stateroom-scope.h"

struct _StateroomPatternForm
{
  GtkBox parent_instance;

  AdwComboRow *scope_row;
  AdwComboRow *kind_row;
  AdwEntryRow *find_row;
  AdwEntryRow *replacement_row;
  StateroomKeyPreview *preview;

  gboolean is_add;
};

static void form_init (StateroomFormInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (StateroomPatternForm,
                               stateroom_pattern_form,
                               GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (STATEROOM_TYPE_FORM, form_init))

static StateroomPatternKind
get_kind (StateroomPatternForm *self)
{
  if (self->is_add)
    return STATEROOM_PATTERN_ADD;
  return adw_combo_row_get_selected (self->kind_row) == 0 ? STATEROOM_PATTERN_PREFIX
                                                          : STATEROOM_PATTERN_REGEX;
}

static void
on_changed (StateroomPatternForm *self)
{
  stateroom_form_changed (self);
}

static void
on_kind_notify (StateroomPatternForm *self)
{
  gboolean is_regex = get_kind (self) == STATEROOM_PATTERN_REGEX;

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->find_row),
                                 is_regex ? _ ("Regular Expression") : _ ("Old Beginning"));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->replacement_row),
                                 is_regex ? _ ("Replacement; \\1 Is the First Group") : _ ("New Beginning"));
  stateroom_form_changed (self);
}

static GStrv
dup_words (StateroomForm *form)
{
  StateroomPatternForm *self = STATEROOM_PATTERN_FORM (form);
  static const char *const verbs[] = {
    [STATEROOM_PATTERN_ADD] = "prefix",
    [STATEROOM_PATTERN_PREFIX] = "rename-prefix",
    [STATEROOM_PATTERN_REGEX] = "rename-regex",
  };
  const char *find = gtk_editable_get_text (GTK_EDITABLE (self->find_row));
  const char *replacement = gtk_editable_get_text (GTK_EDITABLE (self->replacement_row));
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

  if ((self->is_add ? replacement : find)[0] == '\0')
    return NULL;
  g_strv_builder_add (words, verbs[get_kind (self)]);
  stateroom_scope_add_word (self->scope_row, words);
  /* What follows may begin like an option. */
  g_strv_builder_add (words, "--");
  if (!self->is_add)
    g_strv_builder_add (words, find);
  g_strv_builder_add (words, replacement);
  return g_strv_builder_end (words);
}

static void
show_preview (StateroomForm *form, CkptEffect *effect)
{
  stateroom_key_preview_set_effect (STATEROOM_PATTERN_FORM (form)->preview, effect);
}

static void
form_init (StateroomFormInterface *iface)
{
  iface->dup_words = dup_words;
  iface->show_preview = show_preview;
}

static void
stateroom_pattern_form_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), STATEROOM_TYPE_PATTERN_FORM);

  G_OBJECT_CLASS (stateroom_pattern_form_parent_class)->dispose (object);
}

static void
stateroom_pattern_form_class_init (StateroomPatternFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = stateroom_pattern_form_dispose;
  g_type_ensure (STATEROOM_TYPE_KEY_PREVIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stateroom/Stateroom/stateroom-pattern-form.ui");
  gtk_widget_class_bind_template_child (widget_class, StateroomPatternForm, scope_row);
  gtk_widget_class_bind_template_child (widget_class, StateroomPatternForm, kind_row);
  gtk_widget_class_bind_template_child (widget_class, StateroomPatternForm, find_row);
  gtk_widget_class_bind_template_child (widget_class, StateroomPatternForm, replacement_row);
  gtk_widget_class_bind_template_child (widget_class, StateroomPatternForm, preview);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_kind_notify);
}

static void
stateroom_pattern_form_init (StateroomPatternForm *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* The keys of a dict that are shown as one row have their beginning in common. */
static void
begin_with_module (StateroomPatternForm *self, CkptItem *item)
{
  g_autofree char *key = NULL, *prefix = NULL;

  if (item == NULL || ckpt_item_get_role (item) != CKPT_ITEM_MODULE)
    return;
  key = ckpt_item_dup_key (item);
  prefix = g_strconcat (key, ".", NULL);
  gtk_editable_set_text (GTK_EDITABLE (self->find_row), prefix);
}

/**
 * stateroom_pattern_form_new:
 * @item: (nullable): what is selected
 * @kind: what it begins with; a form that adds a prefix does only that
 *
 * Returns: (transfer floating): a form that renames nothing yet
 */
GtkWidget *
stateroom_pattern_form_new (CkptItem *item, StateroomPatternKind kind)
{
  StateroomPatternForm *self = g_object_new (STATEROOM_TYPE_PATTERN_FORM, NULL);

  self->is_add = kind == STATEROOM_PATTERN_ADD;
  stateroom_scope_fill (self->scope_row, item);
  if (self->is_add)
    {
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->scope_row), _ ("Add To"));
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->replacement_row), _ ("Prefix"));
      gtk_editable_set_text (GTK_EDITABLE (self->replacement_row), "module.");
      stateroom_scope_narrow (self->scope_row);
    }
  else
    begin_with_module (self, item);
  gtk_widget_set_visible (GTK_WIDGET (self->kind_row), !self->is_add);
  gtk_widget_set_visible (GTK_WIDGET (self->find_row), !self->is_add);
  adw_combo_row_set_selected (self->kind_row, kind == STATEROOM_PATTERN_REGEX);
  return GTK_WIDGET (self);
}

/**
 * stateroom_pattern_form_set_text:
 * @find: what to find, of a form that does not add a prefix
 * @replacement: what comes in its place, or the prefix to add
 *
 * Fills the form in.
 */
void
stateroom_pattern_form_set_text (StateroomPatternForm *self, const char *find, const char *replacement)
{
  g_return_if_fail (STATEROOM_IS_PATTERN_FORM (self));

  gtk_editable_set_text (GTK_EDITABLE (self->find_row), find);
  gtk_editable_set_text (GTK_EDITABLE (self->replacement_row), replacement);
}
