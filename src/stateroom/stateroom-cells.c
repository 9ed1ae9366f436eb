/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-cells.h"

#include <glib/gi18n.h>
#include <string.h>

#include "stateroom-row-text.h"
#include "stateroom-share-bar.h"

#define CELL_KEY "stateroom-cell"
#define ITEM_KEY "stateroom-item"

struct _StateroomCells
{
  GObject parent_instance;

  CkptItem *root;         /* what sizes are shares of; may be NULL */
  GPtrArray *value_cells; /* GtkColumnViewCell: those that show a row now */
  GPtrArray *key_cells;   /* likewise */
  CkptDocument *document; /* tells which rows were edited; may be NULL */
};

G_DEFINE_FINAL_TYPE (StateroomCells, stateroom_cells, G_TYPE_OBJECT)

/* How each column lays out its text. */
static const struct
{
  guint min_chars;
  guint nat_chars;
  float xalign;
  const char *css_class;
} layouts[] = {
  [STATEROOM_COLUMN_KEY] = { 6, 24, 0, "key" },      [STATEROOM_COLUMN_VALUE] = { 8, 13, 1, "dimmed" },
  [STATEROOM_COLUMN_TYPE] = { 6, 8, 0, "dimmed" },   [STATEROOM_COLUMN_DEVICE] = { 4, 6, 0, "dimmed" },
  [STATEROOM_COLUMN_VALUES] = { 5, 6, 1, "dimmed" }, [STATEROOM_COLUMN_SIZE] = { 7, 7, 1, NULL },
};

static void
stateroom_cells_finalize (GObject *object)
{
  StateroomCells *self = STATEROOM_CELLS (object);

  g_clear_object (&self->root);
  g_clear_object (&self->document);
  g_ptr_array_unref (self->value_cells);
  g_ptr_array_unref (self->key_cells);

  G_OBJECT_CLASS (stateroom_cells_parent_class)->finalize (object);
}

static void
stateroom_cells_class_init (StateroomCellsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = stateroom_cells_finalize;
}

static void
stateroom_cells_init (StateroomCells *self)
{
  self->value_cells = g_ptr_array_new ();
  self->key_cells = g_ptr_array_new ();
}

/**
 * stateroom_cells_new:
 *
 * Returns: (transfer full): a maker of cells
 */
StateroomCells *
stateroom_cells_new (void)
{
  return g_object_new (STATEROOM_TYPE_CELLS, NULL);
}

/**
 * stateroom_cells_set_root:
 * @root: the item of a file
 *
 * Shows sizes as shares of this file from now on.
 */
void
stateroom_cells_set_root (StateroomCells *self, CkptItem *root)
{
  g_return_if_fail (STATEROOM_IS_CELLS (self));

  g_set_object (&self->root, root);
}

/**
 * stateroom_cells_set_document:
 * @document: (nullable): the file as it is edited
 *
 * Marks the rows from now on that were edited.
 */
void
stateroom_cells_set_document (StateroomCells *self, CkptDocument *document)
{
  g_return_if_fail (STATEROOM_IS_CELLS (self));

  g_set_object (&self->document, document);
}

/* Whether what a row shows was edited and is not saved. */
static gboolean
is_edited (StateroomCells *self, CkptItem *item)
{
  CkptItemRole role = ckpt_item_get_role (item);

  return self->document != NULL && (role == CKPT_ITEM_VALUE || role == CKPT_ITEM_REPEAT) &&
         ckpt_document_is_touched (self->document, ckpt_item_get_node (item));
}

/**
 * stateroom_cells_get_item:
 * @row: (nullable): a GtkTreeListRow or a CkptItem
 *
 * Finds the item of a row of a tree or of a plain list. The list model under a tree makes an item each time that it is
 * asked, so the row of the tree keeps the first: what it has added up is then added up once.
 *
 * Returns: (transfer none) (nullable): the item, which lives as long as @row
 */
CkptItem *
stateroom_cells_get_item (gpointer row)
{
  gpointer item;

  if (!GTK_IS_TREE_LIST_ROW (row))
    return CKPT_IS_ITEM (row) ? row : NULL;
  item = g_object_get_data (row, ITEM_KEY);
  if (item == NULL)
    {
      item = gtk_tree_list_row_get_item (row);
      if (item != NULL)
        g_object_set_data_full (row, ITEM_KEY, item, g_object_unref);
    }
  return item;
}

static CkptItem *
get_cell_item (GtkColumnViewCell *cell)
{
  return stateroom_cells_get_item (gtk_column_view_cell_get_item (cell));
}

static GtkWidget *
new_text (StateroomColumn column)
{
  GtkWidget *text = gtk_inscription_new (NULL);

  g_object_set (text, "min-chars", layouts[column].min_chars, "nat-chars", layouts[column].nat_chars,
                "xalign", layouts[column].xalign, "text-overflow", GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END,
                "hexpand", TRUE, NULL);
  if (layouts[column].css_class != NULL)
    gtk_widget_add_css_class (text, layouts[column].css_class);
  return text;
}

/* Asked only when the pointer rests on a key. */
static gboolean
on_query_tooltip (GtkWidget *widget,
                  int x,
                  int y,
                  gboolean keyboard_mode,
                  GtkTooltip *tooltip,
                  gpointer user_data)
{
  CkptItem *item = get_cell_item (GTK_COLUMN_VIEW_CELL (user_data));
  g_autofree char *path = NULL, *text = NULL;

  if (item == NULL)
    return FALSE;
  path = ckpt_item_dup_path_text (item);
  text = ckpt_text_escape (path, strlen (path), 400);
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

/* The key, and a mark beside it if it was edited. The row says that too, so the mark is not read aloud. */
static GtkWidget *
new_key (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *mark = g_object_new (GTK_TYPE_IMAGE, "icon-name", "document-edit-symbolic", "accessible-role",
                                  GTK_ACCESSIBLE_ROLE_PRESENTATION, "pixel-size", 12, NULL);

  gtk_widget_add_css_class (mark, "edited-mark");
  gtk_box_append (GTK_BOX (box), new_text (STATEROOM_COLUMN_KEY));
  gtk_box_append (GTK_BOX (box), mark);
  return box;
}

static void
setup_key (GtkSignalListItemFactory *factory, GtkColumnViewCell *cell)
{
  GtkWidget *expander = gtk_tree_expander_new ();

  gtk_tree_expander_set_child (GTK_TREE_EXPANDER (expander), new_key ());
  gtk_widget_set_has_tooltip (expander, TRUE);
  g_signal_connect (expander, "query-tooltip", G_CALLBACK (on_query_tooltip), cell);
  g_object_set_data (G_OBJECT (expander), CELL_KEY, cell);
  gtk_column_view_cell_set_child (cell, expander);
}

static void
bind_key (GtkSignalListItemFactory *factory, GtkColumnViewCell *cell, gpointer user_data)
{
  StateroomCells *self = user_data;
  CkptItem *item = get_cell_item (cell);
  GtkTreeExpander *expander = GTK_TREE_EXPANDER (gtk_column_view_cell_get_child (cell));
  GtkWidget *text = gtk_widget_get_first_child (gtk_tree_expander_get_child (expander));
  gpointer row = gtk_column_view_cell_get_item (cell);

  g_ptr_array_add (self->key_cells, cell);
  gtk_widget_set_visible (gtk_widget_get_next_sibling (text), is_edited (self, item));

  gtk_tree_expander_set_list_row (expander, GTK_IS_TREE_LIST_ROW (row) ? row : NULL);
  gtk_inscription_set_text (GTK_INSCRIPTION (text), ckpt_item_get_label (item));
  /* Of a whole path, the end says most. */
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (text), GTK_IS_TREE_LIST_ROW (row)
                                                                 ? GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END
                                                                 : GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_START);
  if (ckpt_item_get_role (item) == CKPT_ITEM_FILE)
    gtk_widget_add_css_class (text, "heading");
  else
    gtk_widget_remove_css_class (text, "heading");
}

static void
unbind_key (GtkSignalListItemFactory *factory, GtkColumnViewCell *cell, gpointer user_data)
{
  g_ptr_array_remove_fast (STATEROOM_CELLS (user_data)->key_cells, cell);
  gtk_tree_expander_set_list_row (GTK_TREE_EXPANDER (gtk_column_view_cell_get_child (cell)), NULL);
}

static StateroomColumn
get_column (GtkSignalListItemFactory *factory)
{
  return (StateroomColumn) GPOINTER_TO_INT (g_object_get_data (G_OBJECT (factory), CELL_KEY));
}

static void
setup_text (GtkSignalListItemFactory *factory, GtkColumnViewCell *cell)
{
  GtkWidget *text = new_text (get_column (factory));

  g_object_set_data (G_OBJECT (text), CELL_KEY, cell);
  gtk_column_view_cell_set_child (cell, text);
}

static char *
dup_value_text (CkptItem *item)
{
  char *value = ckpt_item_dup_value (item);
  g_autofree char *note = stateroom_row_text_dup_size_note (item);
  char *both;

  if (note == NULL)
    return value;
  both = g_strconcat (value, " · ", note, NULL);
  g_free (value);
  return both;
}

static void
bind_text (GtkSignalListItemFactory *factory, GtkColumnViewCell *cell)
{
  CkptItem *item = get_cell_item (cell);
  GtkInscription *text = GTK_INSCRIPTION (gtk_column_view_cell_get_child (cell));
  g_autofree char *shown = NULL;

  switch (get_column (factory))
    {
    case STATEROOM_COLUMN_VALUE:
      shown = dup_value_text (item);
      break;
    case STATEROOM_COLUMN_TYPE:
      shown = ckpt_item_dup_type (item);
      break;
    case STATEROOM_COLUMN_DEVICE:
      shown = ckpt_item_dup_device (item);
      break;
    case STATEROOM_COLUMN_VALUES:
    case STATEROOM_COLUMN_KEY:
    case STATEROOM_COLUMN_SIZE:
      shown = stateroom_row_text_dup_values (item);
      break;
    }
  gtk_inscription_set_text (text, shown);
}

static void
remember_value (GtkSignalListItemFactory *factory, GtkColumnViewCell *cell, gpointer user_data)
{
  g_ptr_array_add (STATEROOM_CELLS (user_data)->value_cells, cell);
}

static void
forget_value (GtkSignalListItemFactory *factory, GtkColumnViewCell *cell, gpointer user_data)
{
  g_ptr_array_remove_fast (STATEROOM_CELLS (user_data)->value_cells, cell);
}

/* How much of the file, and of the row above, a row is: bars of small parts look alike. */
static gboolean
on_query_size_tooltip (GtkWidget *widget,
                       int x,
                       int y,
                       gboolean keyboard_mode,
                       GtkTooltip *tooltip,
                       gpointer user_data)
{
  StateroomCells *self = user_data;
  CkptItem *item = get_cell_item (g_object_get_data (G_OBJECT (widget), CELL_KEY));
  g_autofree char *text = item != NULL ? stateroom_row_text_dup_shares (item, self->root) : NULL;

  gtk_tooltip_set_text (tooltip, text);
  return text != NULL;
}

static void
setup_size (GtkSignalListItemFactory *factory, GtkColumnViewCell *cell, gpointer user_data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  gtk_box_append (GTK_BOX (box), new_text (STATEROOM_COLUMN_SIZE));
  gtk_box_append (GTK_BOX (box), stateroom_share_bar_new ());
  g_object_set_data (G_OBJECT (box), CELL_KEY, cell);
  gtk_widget_set_has_tooltip (box, TRUE);
  g_signal_connect_object (box, "query-tooltip", G_CALLBACK (on_query_size_tooltip), user_data,
                           G_CONNECT_DEFAULT);
  gtk_column_view_cell_set_child (cell, box);
}

static void
bind_size (GtkSignalListItemFactory *factory, GtkColumnViewCell *cell, gpointer user_data)
{
  StateroomCells *self = user_data;
  CkptItem *item = get_cell_item (cell);
  GtkWidget *box = gtk_column_view_cell_get_child (cell);
  GtkWidget *text = gtk_widget_get_first_child (box);
  g_autofree char *size = stateroom_row_text_dup_size (item);
  gboolean is_file = ckpt_item_get_role (item) == CKPT_ITEM_FILE;

  gtk_inscription_set_text (GTK_INSCRIPTION (text), size);
  stateroom_share_bar_set_share (STATEROOM_SHARE_BAR (gtk_widget_get_last_child (box)),
                                 is_file ? -1 : stateroom_row_text_get_share (item, self->root));
}

/**
 * stateroom_cells_new_factory:
 * @column: the column that the cells are for
 *
 * Returns: (transfer full): a factory of its cells
 */
GtkListItemFactory *
stateroom_cells_new_factory (StateroomCells *self, StateroomColumn column)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_object_set_data (G_OBJECT (factory), CELL_KEY, GINT_TO_POINTER (column));
  switch (column)
    {
    case STATEROOM_COLUMN_KEY:
      g_signal_connect (factory, "setup", G_CALLBACK (setup_key), NULL);
      g_signal_connect_object (factory, "bind", G_CALLBACK (bind_key), self, G_CONNECT_DEFAULT);
      g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_key), self, G_CONNECT_DEFAULT);
      break;
    case STATEROOM_COLUMN_SIZE:
      g_signal_connect_object (factory, "setup", G_CALLBACK (setup_size), self, G_CONNECT_DEFAULT);
      g_signal_connect_object (factory, "bind", G_CALLBACK (bind_size), self, G_CONNECT_DEFAULT);
      break;
    case STATEROOM_COLUMN_VALUE:
      g_signal_connect_object (factory, "bind", G_CALLBACK (remember_value), self, G_CONNECT_DEFAULT);
      g_signal_connect_object (factory, "unbind", G_CALLBACK (forget_value), self, G_CONNECT_DEFAULT);
      G_GNUC_FALLTHROUGH;
    case STATEROOM_COLUMN_TYPE:
    case STATEROOM_COLUMN_DEVICE:
    case STATEROOM_COLUMN_VALUES:
      g_signal_connect (factory, "setup", G_CALLBACK (setup_text), NULL);
      g_signal_connect (factory, "bind", G_CALLBACK (bind_text), NULL);
      break;
    }
  return factory;
}

static void
bind_row (GtkSignalListItemFactory *factory, GtkColumnViewRow *row, gpointer user_data)
{
  CkptItem *item = stateroom_cells_get_item (gtk_column_view_row_get_item (row));
  g_autofree char *label = stateroom_row_text_dup_accessible (item), *edited = NULL;

  if (is_edited (user_data, item))
    /* Translators: read aloud; %s is a row of the tree */
    edited = g_strdup_printf (_ ("%s, edited"), label);
  gtk_column_view_row_set_accessible_label (row, edited != NULL ? edited : label);
}

/**
 * stateroom_cells_new_row_factory:
 *
 * Returns: (transfer full): a factory that says what a row is read aloud as
 */
GtkListItemFactory *
stateroom_cells_new_row_factory (StateroomCells *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_row), self, G_CONNECT_DEFAULT);
  return factory;
}

/**
 * stateroom_cells_update_values:
 *
 * Shows the values of the visible rows anew.
 */
void
stateroom_cells_update_values (StateroomCells *self)
{
  g_return_if_fail (STATEROOM_IS_CELLS (self));

  for (guint i = 0; i < self->value_cells->len; i++)
    {
      GtkColumnViewCell *cell = g_ptr_array_index (self->value_cells, i);
      CkptItem *item = get_cell_item (cell);
      g_autofree char *value = item != NULL ? dup_value_text (item) : NULL;

      gtk_inscription_set_text (GTK_INSCRIPTION (gtk_column_view_cell_get_child (cell)), value);
    }
}

/**
 * stateroom_cells_pick_row:
 * @x: in the coordinates of @column_view
 * @y: likewise
 *
 * Returns: the position of the row there, or %GTK_INVALID_LIST_POSITION
 */
guint
stateroom_cells_pick_row (GtkWidget *column_view, double x, double y)
{
  GtkWidget *widget = gtk_widget_pick (column_view, x, y, GTK_PICK_DEFAULT);
  gpointer cell = NULL;

  while (widget != NULL && widget != column_view && g_strcmp0 (gtk_widget_get_css_name (widget), "row") != 0)
    widget = gtk_widget_get_parent (widget);
  if (widget == NULL || widget == column_view)
    return GTK_INVALID_LIST_POSITION;
  while (widget != NULL && cell == NULL)
    {
      widget = gtk_widget_get_first_child (widget);
      cell = widget != NULL ? g_object_get_data (G_OBJECT (widget), CELL_KEY) : NULL;
    }
  return cell != NULL ? gtk_column_view_cell_get_position (cell) : GTK_INVALID_LIST_POSITION;
}

/**
 * stateroom_cells_find_key:
 * @position: of a row
 *
 * Returns: (transfer none) (nullable): the GtkTreeExpander that shows its key, if it is on screen
 */
GtkWidget *
stateroom_cells_find_key (StateroomCells *self, guint position)
{
  g_return_val_if_fail (STATEROOM_IS_CELLS (self), NULL);

  for (guint i = 0; i < self->key_cells->len; i++)
    {
      GtkColumnViewCell *cell = g_ptr_array_index (self->key_cells, i);

      if (gtk_column_view_cell_get_position (cell) == position)
        return gtk_column_view_cell_get_child (cell);
    }
  return NULL;
}
