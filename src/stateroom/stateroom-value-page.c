/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-value-page.h"

#include "stateroom-card.h"
#include "stateroom-format.h"
#include "stateroom-page-header.h"

#include <glib/gi18n.h>
#include <string.h>

/* Texts are shown up to here, and longer ones than this are not even read. */
#define MAX_SHOWN ((gsize) 64 << 10)
#define MAX_READ  ((guint64) 64 << 20)

/* Characters that a value may have to be shown large. */
#define MAX_SHORT 60

#define USUAL_LINE  60
#define LINE_HEIGHT 18
#define MAX_HEIGHT  480

struct _StateroomValuePage
{
  AdwBin parent_instance;

  StateroomPageHeader *header;
  GtkLabel *short_label;
  GtkScrolledWindow *long_window;
  GtkTextView *text_view;
  GtkLabel *note_label;
  GtkTextTag *verbatim;
  GtkWidget *edit_button;
  GtkWidget *edit_box;
  GtkTextView *edit_view;
  GtkLabel *edit_hint;

  CkptKind kind;
  guint64 full_length;
  char *editable; /* what can be typed anew: a text, or a literal of Python; NULL for other values */
  GCancellable *cancellable; /* while a long text is being read */
};

typedef struct
{
  CkptTree *tree;
  CkptNodeId node;
} Job;

enum
{
  EDITED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (StateroomValuePage, stateroom_value_page, ADW_TYPE_BIN)

static void
set_editable (StateroomValuePage *self, const char *text)
{
  g_free (self->editable);
  self->editable = g_strdup (text);
  gtk_widget_set_visible (self->edit_button, text != NULL);
  gtk_widget_set_visible (self->edit_box, FALSE);
}

static void
on_edit_clicked (StateroomValuePage *self)
{
  stateroom_value_page_start_edit (self);
}

static void
on_edit_cancelled (StateroomValuePage *self)
{
  gtk_widget_set_visible (self->edit_box, FALSE);
  gtk_widget_grab_focus (self->edit_button);
}

/* A text is typed as it is, any other value as Python writes it. */
static void
on_edit_done (StateroomValuePage *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->edit_view);
  GtkTextIter start, end;
  g_autofree char *text = NULL, *literal = NULL;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  text = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  literal = self->kind == CKPT_KIND_STRING ? ckpt_text_quote (text, strlen (text)) : g_strdup (text);
  gtk_widget_set_visible (self->edit_box, FALSE);
  if (g_strcmp0 (text, self->editable) != 0)
    g_signal_emit (self, signals[EDITED], 0, literal);
}

static gboolean
on_edit_key (StateroomValuePage *self, guint keyval, guint keycode, GdkModifierType state)
{
  gboolean is_enter = keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter || keyval == GDK_KEY_ISO_Enter;

  if (keyval == GDK_KEY_Escape)
    on_edit_cancelled (self);
  /* A text may have lines. */
  else if (is_enter && (self->kind != CKPT_KIND_STRING || (state & GDK_CONTROL_MASK)))
    on_edit_done (self);
  else
    return FALSE;
  return TRUE;
}

static void
on_copy_clicked (StateroomValuePage *self)
{
  g_autofree char *text = stateroom_value_page_dup_text (self);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
}

/* A text view does not know how high it wants to be before it is shown: a guess, by lines of usual length. */
static int
guess_height (const char *text)
{
  glong n_lines = 2 + g_utf8_strlen (text, -1) / USUAL_LINE;

  for (const char *p = strchr (text, '\n'); p != NULL; p = strchr (p + 1, '\n'))
    n_lines++;
  return (int) CLAMP (n_lines * LINE_HEIGHT, 0, MAX_HEIGHT);
}

static void
show_text (StateroomValuePage *self, const char *text)
{
  gboolean is_short = g_utf8_strlen (text, -1) <= MAX_SHORT && strchr (text, '\n') == NULL;
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  GtkTextIter start, end;

  gtk_scrolled_window_set_min_content_height (self->long_window, is_short ? 0 : guess_height (text));
  gtk_widget_set_visible (GTK_WIDGET (self->short_label), is_short);
  gtk_widget_set_visible (GTK_WIDGET (self->long_window), !is_short);
  gtk_label_set_text (self->short_label, is_short ? text : "");
  gtk_text_buffer_set_text (buffer, is_short ? "" : text, -1);
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_text_buffer_apply_tag (buffer, self->verbatim, &start, &end);
}

static void
show_note (StateroomValuePage *self, const char *note)
{
  gtk_label_set_text (self->note_label, note != NULL ? note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note_label), note != NULL);
}

/* Lines stay lines; everything else that is no printable text is escaped. */
static char *
escape_lines (const char *text, gsize length)
{
  GString *result = g_string_new (NULL);
  const char *end = text + length;

  for (const char *line = text; line <= end;)
    {
      const char *next = memchr (line, '\n', (gsize) (end - line));
      const char *stop = next != NULL ? next : end;
      g_autofree char *escaped = ckpt_text_escape (line, (gsize) (stop - line), 0);

      g_string_append (result, escaped);
      if (next == NULL)
        break;
      g_string_append_c (result, '\n');
      line = next + 1;
    }
  return g_string_free_and_steal (result);
}

/* Shows the beginning of a text or of bytes, and says what is missing. */
static void
show_content (StateroomValuePage *self, const char *content, gsize length)
{
  gsize n_shown = MIN (length, MAX_SHOWN);
  g_autofree char *text = NULL;
  g_autofree char *note = NULL;

  if (self->kind == CKPT_KIND_STRING)
    text = escape_lines (content, n_shown);
  else
    text = ckpt_text_quote_bytes (content, n_shown);
  if (n_shown < self->full_length)
    {
      g_autofree char *shown = stateroom_format_bytes (n_shown);
      g_autofree char *full = stateroom_format_bytes (self->full_length);

      /* Translators: two sizes */
      note = g_strdup_printf (_ ("The first %s of %s are shown."), shown, full);
    }
  show_text (self, text);
  show_note (self, note);
  /* What is shown escaped, or not whole, could not be put back as it was. */
  set_editable (self, self->kind == CKPT_KIND_STRING && note == NULL && strlen (text) == length &&
                              memcmp (text, content, length) == 0
                          ? text
                          : NULL);
}

static void
free_job (gpointer data)
{
  Job *job = data;

  ckpt_tree_unref (job->tree);
  g_free (job);
}

static void
run_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Job *job = task_data;
  g_autoptr (GError) error = NULL;
  GBytes *bytes = ckpt_tree_dup_text (job->tree, job->node, &error);

  if (bytes != NULL)
    g_task_return_pointer (task, bytes, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
on_text_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_task_propagate_pointer (G_TASK (result), &error);
  StateroomValuePage *self = user_data;
  gsize length;
  const char *content;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  if (bytes == NULL)
    {
      show_note (self, error->message);
      return;
    }
  content = g_bytes_get_data (bytes, &length);
  show_content (self, content, length);
}

static void
read_text (StateroomValuePage *self, CkptTree *tree, CkptNodeId node)
{
  Job *job = g_new0 (Job, 1);
  g_autoptr (GTask) task = NULL;

  self->cancellable = g_cancellable_new ();
  task = g_task_new (NULL, self->cancellable, on_text_read, self);
  job->tree = ckpt_tree_ref (tree);
  job->node = node;
  g_task_set_name (task, "long text");
  g_task_set_task_data (task, job, free_job);
  g_task_run_in_thread (task, run_in_thread);
}

static void
show_text_node (StateroomValuePage *self, CkptTree *tree, CkptNodeId node)
{
  gsize length = 0;
  const char *text = ckpt_tree_peek_text (tree, node, &length, &self->full_length);
  g_autofree char *count = stateroom_format_count (self->full_length);
  g_autofree char *chip = g_strdup_printf (ngettext ("%s byte", "%s bytes", (gulong) self->full_length),
                                           count);

  stateroom_page_header_add_chip (self->header, chip, _ ("Length"));
  show_content (self, text, length);
  if (length < MIN (self->full_length, MAX_SHOWN) && self->full_length <= MAX_READ)
    read_text (self, tree, node);
}

static gboolean
is_scalar (CkptKind kind)
{
  return kind == CKPT_KIND_NONE || kind == CKPT_KIND_BOOL || kind == CKPT_KIND_INT || kind == CKPT_KIND_FLOAT;
}

static void
show_other (StateroomValuePage *self, CkptTree *tree, CkptNodeId node)
{
  g_autofree char *repr = ckpt_tree_repr (tree, node);
  g_autofree char *text = repr != NULL ? g_steal_pointer (&repr) : ckpt_tree_describe (tree, node);

  show_text (self, text);
  set_editable (self, is_scalar (self->kind) ? text : NULL);
  show_note (self, self->kind == CKPT_KIND_GLOBAL
                       ? _ ("A class or function that the file names. It is not imported.")
                       : NULL);
}

static const char *
get_type_name (CkptKind kind)
{
  switch (kind)
    {
    case CKPT_KIND_NONE:
      return "None";
    case CKPT_KIND_BOOL:
      return "bool";
    case CKPT_KIND_INT:
      return "int";
    case CKPT_KIND_FLOAT:
      return "float";
    case CKPT_KIND_STRING:
      return "str";
    case CKPT_KIND_BYTES:
      return "bytes";
    case CKPT_KIND_BYTEARRAY:
      return "bytearray";
    case CKPT_KIND_GLOBAL:
      return _ ("name");
    case CKPT_KIND_PERSISTENT_ID:
      return _ ("persistent id");
    case CKPT_KIND_LIST:
    case CKPT_KIND_TUPLE:
    case CKPT_KIND_DICT:
    case CKPT_KIND_SET:
    case CKPT_KIND_FROZENSET:
    case CKPT_KIND_TENSOR:
    case CKPT_KIND_STORAGE:
    case CKPT_KIND_OBJECT:
    default:
      return NULL;
    }
}

static void
stateroom_value_page_dispose (GObject *object)
{
  stateroom_value_page_clear (STATEROOM_VALUE_PAGE (object));
  g_clear_pointer (&STATEROOM_VALUE_PAGE (object)->editable, g_free);
  G_OBJECT_CLASS (stateroom_value_page_parent_class)->dispose (object);
}

static void
stateroom_value_page_class_init (StateroomValuePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = stateroom_value_page_dispose;
  /**
   * StateroomValuePage::edited:
   * @literal: the new value, as Python writes it
   *
   * The value was typed anew.
   */
  signals[EDITED] = g_signal_new ("edited", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);
  g_type_ensure (STATEROOM_TYPE_CARD);
  g_type_ensure (STATEROOM_TYPE_PAGE_HEADER);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stateroom/Stateroom/stateroom-value-page.ui");
  gtk_widget_class_bind_template_child (widget_class, StateroomValuePage, header);
  gtk_widget_class_bind_template_child (widget_class, StateroomValuePage, short_label);
  gtk_widget_class_bind_template_child (widget_class, StateroomValuePage, long_window);
  gtk_widget_class_bind_template_child (widget_class, StateroomValuePage, text_view);
  gtk_widget_class_bind_template_child (widget_class, StateroomValuePage, note_label);
  gtk_widget_class_bind_template_child (widget_class, StateroomValuePage, edit_button);
  gtk_widget_class_bind_template_child (widget_class, StateroomValuePage, edit_box);
  gtk_widget_class_bind_template_child (widget_class, StateroomValuePage, edit_view);
  gtk_widget_class_bind_template_child (widget_class, StateroomValuePage, edit_hint);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_edit_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_edit_cancelled);
  gtk_widget_class_bind_template_callback (widget_class, on_edit_done);
}

static void
stateroom_value_page_init (StateroomValuePage *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (on_edit_key), self);
  gtk_widget_add_controller (GTK_WIDGET (self->edit_view), keys);
  gtk_label_set_attributes (self->short_label, stateroom_format_get_verbatim ());
  self->verbatim = gtk_text_buffer_create_tag (gtk_text_view_get_buffer (self->text_view), NULL,
                                               "insert-hyphens", FALSE, NULL);
}

/**
 * stateroom_value_page_new:
 *
 * Returns: (transfer floating): an empty page
 */
GtkWidget *
stateroom_value_page_new (void)
{
  return g_object_new (STATEROOM_TYPE_VALUE_PAGE, NULL);
}

/**
 * stateroom_value_page_show:
 * @path: where the value is
 * @node: the value
 *
 * Shows a single value.
 */
void
stateroom_value_page_show (StateroomValuePage *self, CkptTree *tree, const CkptPath *path, CkptNodeId node)
{
  const char *class_name = ckpt_tree_get_class_name (tree, node);

  stateroom_value_page_clear (self);
  self->kind = ckpt_tree_get_kind (tree, node);
  stateroom_page_header_set_path (self->header, tree, path);
  stateroom_page_header_clear_chips (self->header);
  stateroom_page_header_add_chip (self->header, get_type_name (self->kind), _ ("Type"));
  if (self->kind != CKPT_KIND_GLOBAL)
    stateroom_page_header_add_chip (self->header, class_name, _ ("Class"));
  if (self->kind == CKPT_KIND_STRING || self->kind == CKPT_KIND_BYTES || self->kind == CKPT_KIND_BYTEARRAY)
    show_text_node (self, tree, node);
  else
    show_other (self, tree, node);
}

/**
 * stateroom_value_page_clear:
 *
 * Stops what is being read.
 */
void
stateroom_value_page_clear (StateroomValuePage *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

/**
 * stateroom_value_page_is_busy:
 *
 * Returns: whether a long text is still being read
 */
gboolean
stateroom_value_page_is_busy (StateroomValuePage *self)
{
  return self->cancellable != NULL;
}

/**
 * stateroom_value_page_dup_text:
 *
 * Returns: (transfer full): the value as shown
 */
char *
stateroom_value_page_dup_text (StateroomValuePage *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  GtkTextIter start, end;

  if (gtk_widget_get_visible (GTK_WIDGET (self->short_label)))
    return g_strdup (gtk_label_get_text (self->short_label));
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

/**
 * stateroom_value_page_get_note:
 *
 * Returns: (transfer none): the line below the value, or nothing
 */
const char *
stateroom_value_page_get_note (StateroomValuePage *self)
{
  return gtk_label_get_text (self->note_label);
}

/**
 * stateroom_value_page_start_edit:
 *
 * Lets the value be typed anew, if it is one that can be.
 */
void
stateroom_value_page_start_edit (StateroomValuePage *self)
{
  GtkTextBuffer *buffer;
  GtkTextIter start, end;

  g_return_if_fail (STATEROOM_IS_VALUE_PAGE (self));

  if (self->editable == NULL)
    return;
  buffer = gtk_text_view_get_buffer (self->edit_view);
  gtk_text_buffer_set_text (buffer, self->editable, -1);
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_text_buffer_select_range (buffer, &start, &end);
  gtk_label_set_text (self->edit_hint, self->kind == CKPT_KIND_STRING
                                           ? _ ("Ctrl+Enter sets the text.")
                                           : _ ("A number, True, False, None, or text in quotes."));
  gtk_widget_set_visible (self->edit_box, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->edit_view));
}

/**
 * stateroom_value_page_set:
 * @text: what is typed
 *
 * Types the value anew, for tests.
 */
void
stateroom_value_page_set (StateroomValuePage *self, const char *text)
{
  g_return_if_fail (STATEROOM_IS_VALUE_PAGE (self));

  stateroom_value_page_start_edit (self);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->edit_view), text, -1);
  on_edit_done (self);
}
