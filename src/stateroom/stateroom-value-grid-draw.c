/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-value-grid-private.h"

#include "stateroom-cell-text.h"

#include <adwaita.h>
#include <ckptplot.h>
#include <string.h>

#define HATCH 6 /* pixels from one line to the next where the file lacks values */

/* What one drawing goes through. */
typedef struct
{
  StateroomValueGrid *grid;
  GtkSnapshot *snapshot;
  PangoLayout *layout;
  PangoAttrList *plain;
  PangoAttrList *bold;
  CkptRect visible;
  CkptRect selection;
  gboolean is_strong; /* high contrast */
  GdkRGBA text;
  GdkRGBA accent;
  GdkRGBA special; /* of what is no number */
  int widest;
} Drawing;

static GdkRGBA
fade (const GdkRGBA *color, float alpha)
{
  GdkRGBA faded = *color;

  faded.alpha *= alpha;
  return faded;
}

/* How strong a tint is. */
static float
get_tint (const Drawing *drawing)
{
  return drawing->is_strong ? 0.4f : 0.18f;
}

static PangoAttrList *
new_attributes (gboolean is_bold)
{
  PangoAttrList *list = pango_attr_list_new ();

  /* Digits of equal width. */
  pango_attr_list_insert (list, pango_attr_font_features_new ("tnum=1"));
  if (is_bold)
    pango_attr_list_insert (list, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  return list;
}

static int
get_text_width (PangoLayout *layout, const char *text)
{
  int width;

  pango_layout_set_text (layout, text, -1);
  pango_layout_get_pixel_size (layout, &width, NULL);
  return width;
}

/**
 * stateroom_value_grid_measure_cells:
 *
 * Finds out how large cells and headers are, where that is not known.
 */
void
stateroom_value_grid_measure_cells (StateroomValueGrid *self)
{
  const CkptSlice *slice = stateroom_value_grid_get_slice (self);
  g_autoptr (PangoLayout) layout = NULL;
  g_autoptr (PangoAttrList) plain = NULL, bold = NULL;
  g_autofree char *last_row = NULL, *last_column = NULL;
  int height;

  if (slice == NULL || self->cell_height > 0)
    return;
  layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);
  plain = new_attributes (FALSE);
  bold = new_attributes (TRUE);
  pango_layout_set_attributes (layout, bold);
  last_row = g_strdup_printf ("%" G_GUINT64_FORMAT, MAX (ckpt_slice_get_n_rows (slice), 1) - 1);
  last_column = g_strdup_printf ("%" G_GUINT64_FORMAT, MAX (ckpt_slice_get_n_columns (slice), 1) - 1);
  self->header_width = get_text_width (layout, last_row) + 2 * STATEROOM_CELL_PADDING_X;
  self->cell_width = get_text_width (layout, last_column);
  pango_layout_set_attributes (layout, plain);
  self->cell_width = MAX (
      self->cell_width,
      get_text_width (layout, stateroom_cell_text_get_widest (ckpt_slice_get_tensor (slice)->dtype)));
  self->cell_width = MAX (self->cell_width + 2 * STATEROOM_CELL_PADDING_X, self->wanted_width);
  pango_layout_get_pixel_size (layout, NULL, &height);
  self->cell_height = height + 2 * STATEROOM_CELL_PADDING_Y;
}

static gboolean
on_resize (gpointer user_data)
{
  StateroomValueGrid *self = user_data;

  self->resize_id = 0;
  self->cell_height = 0;
  gtk_widget_queue_resize (GTK_WIDGET (self));
  return G_SOURCE_REMOVE;
}

/* A text that is wider than the cells: they grow, but not while they are drawn. */
static void
want_width (Drawing *drawing)
{
  StateroomValueGrid *self = drawing->grid;
  int width = drawing->widest + 2 * STATEROOM_CELL_PADDING_X;

  if (width <= self->cell_width)
    return;
  self->wanted_width = width;
  if (self->resize_id == 0)
    self->resize_id = g_idle_add (on_resize, self);
}

static void
fill (Drawing *drawing, const GdkRGBA *color, double x, double y, double width, double height)
{
  gtk_snapshot_append_color (drawing->snapshot, color,
                             &GRAPHENE_RECT_INIT ((float) x, (float) y, (float) width, (float) height));
}

/* Text at the end of a box, whose place is where it begins. */
static void
write_text (Drawing *drawing, const char *text, const GdkRGBA *color, double x, double y, int width)
{
  int text_width = get_text_width (drawing->layout, text);

  gtk_snapshot_save (drawing->snapshot);
  gtk_snapshot_translate (drawing->snapshot,
                          &GRAPHENE_POINT_INIT ((float) (x + width - STATEROOM_CELL_PADDING_X - text_width),
                                                (float) (y + STATEROOM_CELL_PADDING_Y)));
  gtk_snapshot_append_layout (drawing->snapshot, drawing->layout, color);
  gtk_snapshot_restore (drawing->snapshot);
  drawing->widest = MAX (drawing->widest, text_width);
}

static void
hatch (Drawing *drawing, double x, double y, double width, double height)
{
  GdkRGBA line = fade (&drawing->text, get_tint (drawing)), none = fade (&drawing->text, 0);
  const GskColorStop stops[] = { { 0, line }, { 0.25f, line }, { 0.25f, none }, { 1, none } };
  const graphene_rect_t rect = GRAPHENE_RECT_INIT ((float) x, (float) y, (float) width, (float) height);

  gtk_snapshot_append_repeating_linear_gradient (drawing->snapshot, &rect, &GRAPHENE_POINT_INIT (0, 0),
                                                 &GRAPHENE_POINT_INIT (HATCH, HATCH), stops,
                                                 G_N_ELEMENTS (stops));
}

/* A bar where a value is to come. */
static void
draw_placeholder (Drawing *drawing, double x, double y)
{
  StateroomValueGrid *self = drawing->grid;
  GdkRGBA color = fade (&drawing->text, get_tint (drawing) / 2);
  double width = self->cell_width / 2.0, height = self->cell_height / 3.0;

  fill (drawing, &color, x + self->cell_width - STATEROOM_CELL_PADDING_X - width, y + height, width, height);
}

static void
draw_value (Drawing *drawing, const CkptCells *cells, guint64 row, guint64 column, double x, double y)
{
  StateroomValueGrid *self = drawing->grid;
  StateroomCellKind kind;
  g_autofree char *text = stateroom_cell_text_short (cells, row, column, &kind);
  gboolean is_special = kind == STATEROOM_CELL_NAN || kind == STATEROOM_CELL_INFINITE;
  GdkRGBA color = drawing->text;

  if (is_special)
    {
      GdkRGBA tint = fade (&drawing->special, get_tint (drawing));

      fill (drawing, &tint, x, y, self->cell_width, self->cell_height);
    }
  if (kind == STATEROOM_CELL_MISSING)
    hatch (drawing, x, y, self->cell_width, self->cell_height);
  if ((kind == STATEROOM_CELL_ZERO || kind == STATEROOM_CELL_MISSING) && !drawing->is_strong)
    color.alpha *= 0.55f;
  pango_layout_set_attributes (drawing->layout, is_special ? drawing->bold : drawing->plain);
  write_text (drawing, text, &color, x, y, self->cell_width);
}

static void
draw_cell (Drawing *drawing, guint64 row, guint64 column)
{
  StateroomValueGrid *self = drawing->grid;
  double x = self->header_width + stateroom_grid_axis_locate (&self->columns, column);
  double y = self->cell_height + stateroom_grid_axis_locate (&self->rows, row);
  const GError *error;
  const CkptCells *cells = stateroom_cell_cache_look_up (self->cache, row, column, &error);

  if (cells != NULL)
    draw_value (drawing, cells, row, column, x, y);
  else if (error != NULL)
    write_text (drawing, "?", &drawing->special, x, y, self->cell_width);
  else
    draw_placeholder (drawing, x, y);
}

static void
draw_cells (Drawing *drawing)
{
  const CkptRect *visible = &drawing->visible;

  for (guint64 row = visible->row; row < visible->row + visible->n_rows; row++)
    for (guint64 column = visible->column; column < visible->column + visible->n_columns; column++)
      draw_cell (drawing, row, column);
}

/* The seen part of some lines, from where to where. */
static void
get_span (StateroomGridAxis *axis, guint64 first, guint64 n, double *from, double *to)
{
  *from = CLAMP (stateroom_grid_axis_locate (axis, first), -axis->size, axis->page + axis->size);
  *to = CLAMP (stateroom_grid_axis_locate (axis, first + n), -axis->size, axis->page + axis->size);
}

static void
draw_selection (Drawing *drawing)
{
  StateroomValueGrid *self = drawing->grid;
  const CkptRect *selection = &drawing->selection;
  GdkRGBA tint = fade (&drawing->accent, get_tint (drawing) * 1.2f);
  double left, right, top, bottom;

  if (selection->n_rows == 1 && selection->n_columns == 1)
    return;
  get_span (&self->columns, selection->column, selection->n_columns, &left, &right);
  get_span (&self->rows, selection->row, selection->n_rows, &top, &bottom);
  fill (drawing, &tint, self->header_width + left, self->cell_height + top, right - left, bottom - top);
}

static void
draw_cursor (Drawing *drawing)
{
  StateroomValueGrid *self = drawing->grid;
  double left, right, top, bottom;
  GskRoundedRect outline;
  float width = gtk_widget_has_focus (GTK_WIDGET (self)) ? 2 : 1;
  const float widths[] = { width, width, width, width };
  GdkRGBA colors[4];

  get_span (&self->columns, self->cursor_column, 1, &left, &right);
  get_span (&self->rows, self->cursor_row, 1, &top, &bottom);
  gsk_rounded_rect_init_from_rect (&outline,
                                   &GRAPHENE_RECT_INIT ((float) (self->header_width + left),
                                                        (float) (self->cell_height + top),
                                                        (float) (right - left), (float) (bottom - top)),
                                   3);
  for (guint i = 0; i < 4; i++)
    colors[i] = drawing->accent;
  gtk_snapshot_append_border (drawing->snapshot, &outline, widths, colors);
}

/* Whether a line is among the selected ones. */
static gboolean
is_among (guint64 line, guint64 first, guint64 n)
{
  return line >= first && line - first < n;
}

static void
draw_index (Drawing *drawing, guint64 index, gboolean is_selected, double x, double y, int width)
{
  StateroomValueGrid *self = drawing->grid;
  GdkRGBA color = is_selected || drawing->is_strong ? drawing->text : fade (&drawing->text, 0.6f);
  GdkRGBA tint = fade (&drawing->accent, get_tint (drawing) * 1.2f);
  char text[24];

  if (is_selected)
    fill (drawing, &tint, x, y, width, self->cell_height);
  g_snprintf (text, sizeof text, "%" G_GUINT64_FORMAT, index);
  pango_layout_set_attributes (drawing->layout, is_selected ? drawing->bold : drawing->plain);
  write_text (drawing, text, &color, x, y, width);
}

static void
push_clip (Drawing *drawing, double x, double y, double width, double height)
{
  gtk_snapshot_push_clip (
      drawing->snapshot,
      &GRAPHENE_RECT_INIT ((float) x, (float) y, (float) MAX (width, 0), (float) MAX (height, 0)));
}

static void
draw_headers (Drawing *drawing, int width, int height)
{
  StateroomValueGrid *self = drawing->grid;
  const CkptRect *visible = &drawing->visible, *selection = &drawing->selection;
  GdkRGBA band = fade (&drawing->text, 0.06f);

  fill (drawing, &band, 0, 0, width, self->cell_height);
  fill (drawing, &band, 0, self->cell_height, self->header_width, height - self->cell_height);
  push_clip (drawing, self->header_width, 0, width - self->header_width, self->cell_height);
  for (guint64 i = visible->column; i < visible->column + visible->n_columns; i++)
    draw_index (drawing, i, is_among (i, selection->column, selection->n_columns),
                self->header_width + stateroom_grid_axis_locate (&self->columns, i), 0, self->cell_width);
  gtk_snapshot_pop (drawing->snapshot);
  push_clip (drawing, 0, self->cell_height, self->header_width, height - self->cell_height);
  for (guint64 i = visible->row; i < visible->row + visible->n_rows; i++)
    draw_index (drawing, i, is_among (i, selection->row, selection->n_rows), 0,
                self->cell_height + stateroom_grid_axis_locate (&self->rows, i), self->header_width);
  gtk_snapshot_pop (drawing->snapshot);
}

static void
choose_colors (Drawing *drawing)
{
  GtkWidget *widget = GTK_WIDGET (drawing->grid);
  AdwStyleManager *style = adw_style_manager_get_for_display (gtk_widget_get_display (widget));
  gboolean is_dark = adw_style_manager_get_dark (style);
  g_autoptr (GdkRGBA) accent = adw_style_manager_get_accent_color_rgba (style);
  g_autoptr (CkptPlotTheme) theme = ckpt_plot_theme_new (is_dark ? CKPT_PLOT_DARK : CKPT_PLOT_LIGHT);

  drawing->is_strong = adw_style_manager_get_high_contrast (style);
  gtk_widget_get_color (widget, &drawing->text);
  adw_rgba_to_standalone (accent, is_dark, &drawing->accent);
  drawing->special = (GdkRGBA) { (float) theme->special.red, (float) theme->special.green,
                                 (float) theme->special.blue, 1 };
}

/**
 * stateroom_value_grid_draw:
 * @snapshot: where to
 *
 * Draws what is seen, and has read what is not there yet.
 */
void
stateroom_value_grid_draw (StateroomValueGrid *self, GtkSnapshot *snapshot)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);
  g_autoptr (PangoAttrList) plain = new_attributes (FALSE), bold = new_attributes (TRUE);
  Drawing drawing = { .grid = self, .snapshot = snapshot, .layout = layout, .plain = plain, .bold = bold };

  choose_colors (&drawing);
  stateroom_value_grid_get_visible (self, &drawing.visible);
  stateroom_value_grid_get_selection (self, &drawing.selection);
  stateroom_cell_cache_begin (self->cache);
  push_clip (&drawing, self->header_width, self->cell_height, width - self->header_width,
             height - self->cell_height);
  draw_selection (&drawing);
  draw_cells (&drawing);
  draw_cursor (&drawing);
  gtk_snapshot_pop (snapshot);
  want_width (&drawing);
  draw_headers (&drawing, width, height);
  stateroom_cell_cache_end (self->cache);
}
