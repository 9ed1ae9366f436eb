/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-facts.h"

#include "stateroom-format.h"

#define COLUMN_SPACING 18
#define ROW_SPACING    6

/* Names are cut here, so that values have room in a narrow window. */
#define MAX_NAME_CHARS 28

struct _StateroomFacts
{
  GtkWidget parent_instance;

  GtkGrid *grid;
  int n_rows;
  gboolean selectable;
};

G_DEFINE_FINAL_TYPE (StateroomFacts, stateroom_facts, GTK_TYPE_WIDGET)

static void
stateroom_facts_dispose (GObject *object)
{
  StateroomFacts *self = STATEROOM_FACTS (object);

  if (self->grid != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->grid));
  self->grid = NULL;
  G_OBJECT_CLASS (stateroom_facts_parent_class)->dispose (object);
}

static void
stateroom_facts_class_init (StateroomFactsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = stateroom_facts_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
stateroom_facts_init (StateroomFacts *self)
{
  self->selectable = TRUE;
  self->grid = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_column_spacing (self->grid, COLUMN_SPACING);
  gtk_grid_set_row_spacing (self->grid, ROW_SPACING);
  gtk_widget_set_parent (GTK_WIDGET (self->grid), GTK_WIDGET (self));
}

/**
 * stateroom_facts_new:
 *
 * Returns: (transfer floating): an empty list
 */
GtkWidget *
stateroom_facts_new (void)
{
  return g_object_new (STATEROOM_TYPE_FACTS, NULL);
}

/**
 * stateroom_facts_set_selectable:
 * @selectable: whether values that are added from now on wrap, and can be selected and copied; each then is a stop of the Tab key, and
 *   takes longer to lay out, so long lists had better do without
 */
void
stateroom_facts_set_selectable (StateroomFacts *self, gboolean selectable)
{
  self->selectable = selectable;
}

/**
 * stateroom_facts_clear:
 *
 * Takes all facts away.
 */
void
stateroom_facts_clear (StateroomFacts *self)
{
  while (self->n_rows > 0)
    gtk_grid_remove_row (self->grid, --self->n_rows);
}

/**
 * stateroom_facts_add:
 * @name: what it is
 * @value: what it is worth; text of a file must be escaped already
 */
void
stateroom_facts_add (StateroomFacts *self, const char *name, const char *value)
{
  GtkWidget *name_label = g_object_new (GTK_TYPE_LABEL, "label", name, "xalign", 0.0f, "yalign", 0.0f,
                                        "ellipsize", PANGO_ELLIPSIZE_END, "max-width-chars", MAX_NAME_CHARS,
                                        "tooltip-text", name, NULL);
  GtkWidget *value_label = g_object_new (
      GTK_TYPE_LABEL, "label", value, "xalign", 0.0f, "yalign", 0.0f, "hexpand", TRUE, "wrap",
      self->selectable, "wrap-mode", PANGO_WRAP_WORD_CHAR, "attributes", stateroom_format_get_verbatim (),
      "ellipsize", self->selectable ? PANGO_ELLIPSIZE_NONE : PANGO_ELLIPSIZE_END, "selectable",
      self->selectable, NULL);

  gtk_widget_add_css_class (name_label, "dimmed");
  gtk_widget_add_css_class (value_label, "numeric");
  gtk_accessible_update_relation (GTK_ACCESSIBLE (value_label), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                  name_label, NULL, -1);
  gtk_grid_attach (self->grid, name_label, 0, self->n_rows, 1, 1);
  gtk_grid_attach (self->grid, value_label, 1, self->n_rows, 1, 1);
  self->n_rows++;
}

/**
 * stateroom_facts_get_n:
 *
 * Returns: how many facts there are
 */
guint
stateroom_facts_get_n (StateroomFacts *self)
{
  return (guint) self->n_rows;
}

/**
 * stateroom_facts_get_value:
 * @name: the name of a fact
 *
 * Returns: (transfer none) (nullable): its value
 */
const char *
stateroom_facts_get_value (StateroomFacts *self, const char *name)
{
  for (int row = 0; row < self->n_rows; row++)
    {
      GtkLabel *label = GTK_LABEL (gtk_grid_get_child_at (self->grid, 0, row));

      if (g_str_equal (gtk_label_get_text (label), name))
        return gtk_label_get_text (GTK_LABEL (gtk_grid_get_child_at (self->grid, 1, row)));
    }
  return NULL;
}
