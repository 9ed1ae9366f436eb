/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-problems-dialog.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_ROWS  500u
#define MAX_CHARS 400

struct _StateroomProblemsDialog
{
  AdwDialog parent_instance;

  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (StateroomProblemsDialog, stateroom_problems_dialog, ADW_TYPE_DIALOG)

static void
stateroom_problems_dialog_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), STATEROOM_TYPE_PROBLEMS_DIALOG);

  G_OBJECT_CLASS (stateroom_problems_dialog_parent_class)->dispose (object);
}

static void
stateroom_problems_dialog_class_init (StateroomProblemsDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = stateroom_problems_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stateroom/Stateroom/stateroom-problems-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, StateroomProblemsDialog, list);
}

static void
stateroom_problems_dialog_init (StateroomProblemsDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
set_text (GObject *row, const char *property, const char *text)
{
  g_autofree char *shown = ckpt_text_escape (text, strlen (text), MAX_CHARS);

  g_object_set (row, property, shown, NULL);
}

/* Where it is, and how often. */
static char *
dup_details (const CkptWarning *warning)
{
  g_autofree char *place = ckpt_place_to_string (&warning->place);
  GString *text = g_string_new (NULL);

  if (warning->path != NULL)
    g_string_append_printf (text, "%s\n", warning->path);
  g_string_append (text, place);
  if (warning->count > 1)
    {
      g_string_append (text, " · ");
      g_string_append_printf (text, ngettext ("%u time", "%u times", warning->count), warning->count);
    }
  return g_string_free_and_steal (text);
}

static GtkWidget *
new_row (const CkptWarning *warning)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *details = dup_details (warning);
  g_auto (GStrv) lines = g_strsplit (details, "\n", 2);
  g_autoptr (GString) subtitle = g_string_new (NULL);

  for (gsize i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *line = ckpt_text_escape (lines[i], strlen (lines[i]), MAX_CHARS);

      g_string_append_printf (subtitle, i > 0 ? "\n%s" : "%s", line);
    }
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  set_text (G_OBJECT (row), "title", warning->message);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle->str);
  adw_action_row_set_subtitle_selectable (ADW_ACTION_ROW (row), TRUE);
  return row;
}

/**
 * stateroom_problems_dialog_new:
 * @tree: a file with warnings
 *
 * Returns: (transfer floating): the list of them
 */
AdwDialog *
stateroom_problems_dialog_new (CkptTree *tree)
{
  StateroomProblemsDialog *self = g_object_new (STATEROOM_TYPE_PROBLEMS_DIALOG, NULL);
  guint n = ckpt_tree_get_n_warnings (tree);

  for (guint i = 0; i < MIN (n, MAX_ROWS); i++)
    gtk_list_box_append (self->list, new_row (ckpt_tree_get_warning (tree, i)));
  return ADW_DIALOG (self);
}
