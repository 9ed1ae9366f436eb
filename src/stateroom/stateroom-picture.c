/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-picture.h"

#include <glib/gi18n.h>

#include "stateroom-edit-dialog.h"
#include "stateroom-export-dialog.h"
#include "stateroom-tensor-page.h"
#include "stateroom-window.h"

#define SIZEABLE       1000 /* elements of a tensor whose histogram is worth a picture */
#define LONGEST_S      60   /* that a file may take to be shown */
#define FRAMES_TO_REST 12   /* drawn after everything is there, so that nothing moves any more */

struct _StateroomPicture
{
  char *path;
  char *select;
  char *find;
  char *view;
  char **acts;
  int width;
  int height;
  gboolean is_dark;
  gboolean has_failed;

  StateroomWindow *window;
  gint64 started;
  gboolean has_selected;
  guint n_frames;
  guint n_acts; /* that were done */
};

/**
 * stateroom_picture_add_options:
 * @app: an application
 *
 * Adds the hidden options that ask for a picture.
 */
void
stateroom_picture_add_options (GApplication *app)
{
  static const GOptionEntry entries[] = {
    { "screenshot", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, NULL,
      "Write a picture of the window with the file open, and exit", "PNG" },
    { "screenshot-size", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, NULL, "Size of the window",
      "WIDTHxHEIGHT" },
    { "screenshot-dark", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, NULL, "Draw it dark", NULL },
    { "select", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, NULL, "Value to select; none: the file",
      "PATH" },
    { "view", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, NULL, "How to look at a tensor", "NAME" },
    { "act", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING_ARRAY, NULL, "Action to do before", "ACTION" },
    { "find", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, NULL, "Text to search for", "TEXT" },
    G_OPTION_ENTRY_NULL,
  };

  g_application_add_main_option_entries (app, entries);
}

static gboolean
parse_size (StateroomPicture *self, const char *text, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text, "x", 2);
  guint64 width = 0, height = 0;

  if (g_strv_length (parts) != 2 || !g_ascii_string_to_unsigned (parts[0], 10, 100, 10000, &width, NULL) ||
      !g_ascii_string_to_unsigned (parts[1], 10, 100, 10000, &height, NULL))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "no size of a picture: %s", text);
      return FALSE;
    }
  self->width = (int) width;
  self->height = (int) height;
  return TRUE;
}

/**
 * stateroom_picture_new_from_options:
 * @options: what the command line says
 *
 * Returns: (transfer full) (nullable): the picture to take, or %NULL if none is asked for, or with @error set
 */
StateroomPicture *
stateroom_picture_new_from_options (GVariantDict *options, GError **error)
{
  g_autofree char *path = NULL, *size = NULL;
  StateroomPicture *self;

  if (!g_variant_dict_lookup (options, "screenshot", "^ay", &path))
    return NULL;
  self = g_new0 (StateroomPicture, 1);
  self->width = 1400;
  self->height = 900;
  if (g_variant_dict_lookup (options, "screenshot-size", "s", &size) && !parse_size (self, size, error))
    {
      stateroom_picture_free (self);
      return NULL;
    }
  self->path = g_steal_pointer (&path);
  self->is_dark = g_variant_dict_contains (options, "screenshot-dark");
  g_variant_dict_lookup (options, "select", "s", &self->select);
  g_variant_dict_lookup (options, "find", "s", &self->find);
  g_variant_dict_lookup (options, "view", "s", &self->view);
  g_variant_dict_lookup (options, "act", "^as", &self->acts);
  return self;
}

/**
 * stateroom_picture_free:
 */
void
stateroom_picture_free (StateroomPicture *self)
{
  g_free (self->path);
  g_free (self->select);
  g_free (self->find);
  g_free (self->view);
  g_strfreev (self->acts);
  g_free (self);
}

/**
 * stateroom_picture_has_failed:
 *
 * Returns: whether there is no picture though one was asked for
 */
gboolean
stateroom_picture_has_failed (StateroomPicture *self)
{
  return self->has_failed;
}

typedef struct
{
  CkptPath *path;
  guint64 numel;
} Choice;

/* Takes the first tensor of some size, or the largest if all are small. */
static gboolean
choose (CkptTree *tree,
        const CkptPath *path,
        guint depth,
        const CkptChild *child,
        gboolean is_repeat,
        gpointer user_data)
{
  Choice *choice = user_data;
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (tree, child->node);

  if (choice->numel >= SIZEABLE)
    return FALSE;
  if (tensor != NULL && tensor->numel > choice->numel && ckpt_tensor_get_unreadable (tree, tensor) == NULL)
    {
      g_clear_pointer (&choice->path, ckpt_path_free);
      choice->path = ckpt_path_copy (path);
      choice->numel = tensor->numel;
    }
  return TRUE;
}

static gboolean
select_value (StateroomPicture *self, StateroomPage *page, GError **error)
{
  CkptTree *tree = stateroom_page_get_tree (page);
  Choice choice = { NULL, 0 };

  if (self->find != NULL)
    stateroom_tree_view_search (stateroom_page_get_tree_view (page), STATEROOM_SEARCH_TEXT, self->find);
  else if (self->select != NULL)
    return stateroom_page_select (page, self->select, error);
  else
    {
      ckpt_tree_walk (tree, ckpt_tree_get_root (tree), choose, &choice);
      if (choice.path != NULL)
        stateroom_tree_view_select_path (stateroom_page_get_tree_view (page), choice.path);
      g_clear_pointer (&choice.path, ckpt_path_free);
    }
  return TRUE;
}

static void
show_view (StateroomPicture *self, StateroomPage *page)
{
  GtkWidget *shown = stateroom_inspector_get_page (stateroom_page_get_inspector (page));

  if (self->view != NULL && STATEROOM_IS_TENSOR_PAGE (shown))
    adw_view_stack_set_visible_child_name (stateroom_tensor_page_get_views (STATEROOM_TENSOR_PAGE (shown)),
                                           self->view);
}

static GdkTexture *
draw (StateroomPicture *self)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (GTK_WIDGET (self->window));
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  int width = gtk_widget_get_width (GTK_WIDGET (self->window));
  int height = gtk_widget_get_height (GTK_WIDGET (self->window));
  g_autoptr (GskRenderNode) node = NULL;

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node == NULL)
    return NULL;
  return gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (self->window)), node,
                                      &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
}

static void
end (StateroomPicture *self, const char *problem)
{
  if (problem != NULL)
    g_printerr ("stateroom: %s\n", problem);
  self->has_failed = problem != NULL;
  gtk_window_destroy (GTK_WINDOW (self->window));
}

static void
take (GdkFrameClock *clock, StateroomPicture *self)
{
  g_autoptr (GdkTexture) texture = draw (self);

  g_signal_handlers_disconnect_by_data (clock, self);
  if (texture == NULL)
    end (self, "the window was not drawn");
  else if (!gdk_texture_save_to_png (texture, self->path))
    end (self, "the picture cannot be written");
  else
    end (self, NULL);
}

/* Whether a dialog is still finding out what it shows. */
static gboolean
is_dialog_busy (StateroomPicture *self)
{
  AdwDialog *dialog = adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (self->window));

  if (STATEROOM_IS_EDIT_DIALOG (dialog))
    return stateroom_edit_dialog_is_busy (STATEROOM_EDIT_DIALOG (dialog));
  return STATEROOM_IS_EXPORT_DIALOG (dialog) &&
         stateroom_export_dialog_is_busy (STATEROOM_EXPORT_DIALOG (dialog));
}

/* Does one action after the other; FALSE when all are done. */
static gboolean
act (StateroomPicture *self, StateroomPage *page)
{
  g_autofree char *name = NULL;
  g_autoptr (GVariant) target = NULL;

  if (is_dialog_busy (self) || !stateroom_page_is_settled (page))
    return TRUE;
  if (self->acts == NULL || self->acts[self->n_acts] == NULL)
    return FALSE;
  if (g_action_parse_detailed_name (self->acts[self->n_acts], &name, &target, NULL))
    gtk_widget_activate_action_variant (GTK_WIDGET (page), name, target);
  self->n_acts++;
  return TRUE;
}

/* Whether everything that was asked for is there. */
static gboolean
is_ready (StateroomPicture *self, StateroomPage *page, GError **error)
{
  if (page == NULL || stateroom_page_is_busy (page))
    return FALSE;
  if (stateroom_page_get_state (page) == STATEROOM_PAGE_ERROR)
    return TRUE;
  if (stateroom_page_get_state (page) != STATEROOM_PAGE_CONTENT ||
      !stateroom_tree_view_has_scalars (stateroom_page_get_tree_view (page)))
    return FALSE;
  if (!self->has_selected)
    {
      self->has_selected = TRUE;
      if (select_value (self, page, error))
        show_view (self, page);
      return FALSE;
    }
  if (act (self, page))
    return FALSE;
  if (self->n_frames == 0 && self->acts == NULL && self->select != NULL && stateroom_page_is_narrow (page))
    stateroom_page_inspect (page);
  return !stateroom_inspector_is_busy (stateroom_page_get_inspector (page)) &&
         !stateroom_survey_bar_is_busy (stateroom_page_get_survey_bar (page)) &&
         (self->find == NULL || stateroom_tree_view_get_n_found (stateroom_page_get_tree_view (page)) >= 0);
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  StateroomPicture *self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean ready = is_ready (self, stateroom_window_get_page (self->window), &error);

  if (error != NULL)
    {
      end (self, error->message);
      return G_SOURCE_REMOVE;
    }
  if (g_get_monotonic_time () - self->started > LONGEST_S * G_TIME_SPAN_SECOND)
    {
      end (self, "the window took too long");
      return G_SOURCE_REMOVE;
    }
  self->n_frames = ready ? self->n_frames + 1 : 0;
  gtk_widget_queue_draw (widget);
  if (self->n_frames < FRAMES_TO_REST)
    return G_SOURCE_CONTINUE;
  /* Only what was just painted is there to be taken. */
  g_signal_connect (clock, "after-paint", G_CALLBACK (take), self);
  return G_SOURCE_REMOVE;
}

/**
 * stateroom_picture_start:
 * @window: a window that is about to open files
 *
 * Waits until the window shows everything, writes the picture, and closes the window.
 */
void
stateroom_picture_start (StateroomPicture *self, StateroomWindow *window)
{
  g_object_set (gtk_widget_get_settings (GTK_WIDGET (window)), "gtk-enable-animations", FALSE, NULL);
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), self->is_dark
                                                                            ? ADW_COLOR_SCHEME_FORCE_DARK
                                                                            : ADW_COLOR_SCHEME_FORCE_LIGHT);
  gtk_window_set_default_size (GTK_WINDOW (window), self->width, self->height);
  self->window = window;
  self->started = g_get_monotonic_time ();
  gtk_widget_add_tick_callback (GTK_WIDGET (window), on_tick, self, NULL);
}
