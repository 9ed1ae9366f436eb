/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-slice-export.h"

#include <glib/gi18n.h>

/* Rows are read together as far as this many cells. */
#define CELLS_AT_ONCE 65536

typedef struct
{
  CkptSlice *slice;
  CkptRect rect;
  StateroomExportFormat format;
  GFile *file;
} Export;

static void
free_export (gpointer data)
{
  Export *export = data;

  ckpt_slice_free (export->slice);
  g_clear_object (&export->file);
  g_free (export);
}

static GTask *
new_task (const CkptSlice *slice,
          const CkptRect *rect,
          StateroomExportFormat format,
          GFile *file,
          GCancellable *cancellable,
          GAsyncReadyCallback callback,
          gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Export *export = g_new0 (Export, 1);

  *export = (Export) { ckpt_slice_copy (slice), *rect, format, file != NULL ? g_object_ref (file) : NULL };
  g_task_set_name (task, "export of values");
  g_task_set_task_data (task, export, free_export);
  return task;
}

static gboolean
append_bytes (gpointer data, const void *bytes, gsize length, GError **error)
{
  g_string_append_len (data, bytes, (gssize) length);
  return TRUE;
}

static gboolean
write_bytes (gpointer data, const void *bytes, gsize length, GError **error)
{
  return g_output_stream_write_all (data, bytes, length, NULL, NULL, error);
}

/* Some whole rows, or a part of one. */
static gboolean
append_cells (GString *text,
              const Export *export,
              const CkptRect *rect,
              GCancellable *cancellable,
              GError **error)
{
  g_autoptr (CkptCells) cells = ckpt_cells_read (export->slice, rect, cancellable, error);
  guint64 last = export->rect.column + export->rect.n_columns - 1;

  if (cells == NULL)
    return FALSE;
  for (guint64 row = rect->row; row < rect->row + rect->n_rows; row++)
    for (guint64 column = rect->column; column < rect->column + rect->n_columns; column++)
      {
        g_autofree char *value = ckpt_cells_dup_text (cells, row, column);

        /* What is missing stays empty. */
        g_string_append (text, value != NULL ? value : "");
        g_string_append_c (text, column == last ? '\n' : '\t');
      }
  return TRUE;
}

static gboolean
append_text (GString *text, const Export *export, GCancellable *cancellable, GError **error)
{
  guint64 n_columns = MIN (export->rect.n_columns, CELLS_AT_ONCE), n_rows = CELLS_AT_ONCE / n_columns;

  for (guint64 row = 0; row < export->rect.n_rows; row += n_rows)
    for (guint64 column = 0; column < export->rect.n_columns; column += n_columns)
      {
        const CkptRect rect = { export->rect.row + row, MIN (n_rows, export->rect.n_rows - row),
                                export->rect.column + column,
                                MIN (n_columns, export->rect.n_columns - column) };

        if (!append_cells (text, export, &rect, cancellable, error))
          return FALSE;
      }
  return TRUE;
}

static gboolean
write_to_sink (const Export *export, const CkptSink *sink, GCancellable *cancellable, GError **error)
{
  CkptTree *tree = ckpt_slice_get_tree (export->slice);
  CkptTensor *part = ckpt_slice_get_part (export->slice, &export->rect);
  gboolean is_written = ckpt_tensor_check_repetition (tree, part, error) &&
                        (export->format == STATEROOM_EXPORT_NPY
                             ? ckpt_npy_write (tree, part, sink, cancellable, error)
                             : ckpt_csv_write (tree, part, sink, cancellable, error));

  ckpt_part_free (part);
  return is_written;
}

static void
text_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Export *export = task_data;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  const CkptSink sink = { append_bytes, text };
  gboolean is_done = export->format == STATEROOM_EXPORT_TEXT
                         ? append_text (text, export, cancellable, &error)
                         : write_to_sink (export, &sink, cancellable, &error);

  if (!is_done)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  /* A single value goes where it is pasted without a line of its own. */
  if (export->rect.n_rows == 1 && text->len > 0)
    g_string_truncate (text, text->len - 1);
  g_task_return_pointer (task, g_string_free_and_steal (g_steal_pointer (&text)), g_free);
}

/**
 * stateroom_slice_export_text_async:
 * @slice: a slice
 * @rect: cells of it, at most %STATEROOM_EXPORT_MAX_COPIED
 * @format: what kind of text
 * @cancellable: (nullable): to stop
 * @callback: called on this thread
 *
 * Makes a text for the clipboard, in a thread.
 */
void
stateroom_slice_export_text_async (const CkptSlice *slice,
                                   const CkptRect *rect,
                                   StateroomExportFormat format,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_autoptr (GTask) task = new_task (slice, rect, format, NULL, cancellable, callback, user_data);

  if (rect->n_rows > STATEROOM_EXPORT_MAX_COPIED / rect->n_columns)
    {
      g_task_return_new_error_literal (task, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                                       _ ("These are too many values to copy. They can be saved as a file."));
      return;
    }
  g_task_run_in_thread (task, text_in_thread);
}

/**
 * stateroom_slice_export_text_finish:
 *
 * Returns: (transfer full): the text; NULL with an error if some of the values could not be read
 */
char *
stateroom_slice_export_text_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* The checkpoint that is shown is not to be written over. */
static gboolean
is_source (const Export *export, GFile *file)
{
  const CkptIdentity *identity = ckpt_source_get_identity (
      ckpt_tree_get_source (ckpt_slice_get_tree (export->slice)));
  g_autoptr (GFileInfo) info = g_file_query_info (
      file, G_FILE_ATTRIBUTE_UNIX_DEVICE "," G_FILE_ATTRIBUTE_UNIX_INODE, G_FILE_QUERY_INFO_NONE, NULL, NULL);

  return info != NULL &&
         g_file_info_get_attribute_uint32 (info, G_FILE_ATTRIBUTE_UNIX_DEVICE) == (guint32) identity->dev &&
         g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_UNIX_INODE) == identity->ino;
}

static gboolean
write_file (const Export *export, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFileOutputStream) stream = NULL;
  g_autoptr (GCancellable) to_drop = g_cancellable_new ();
  CkptSink sink = { write_bytes, NULL };

  if (is_source (export, export->file))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                           _ ("This is the file that the values come from."));
      return FALSE;
    }
  stream = g_file_replace (export->file, NULL, FALSE, G_FILE_CREATE_NONE, cancellable, error);
  if (stream == NULL)
    return FALSE;
  sink.data = stream;
  if (write_to_sink (export, &sink, cancellable, error))
    return g_output_stream_close (G_OUTPUT_STREAM (stream), cancellable, error);
  /* Closing what is cancelled leaves a file that was there as it was. */
  g_cancellable_cancel (to_drop);
  g_output_stream_close (G_OUTPUT_STREAM (stream), to_drop, NULL);
  return FALSE;
}

static void
file_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;

  if (write_file (task_data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * stateroom_slice_export_file_async:
 * @slice: a slice
 * @rect: cells of it
 * @format: what kind of file; not text
 * @file: where to; replaced if it exists, but not the file that the values come from
 * @cancellable: (nullable): to stop
 * @callback: called on this thread
 *
 * Writes cells to a file, in a thread.
 */
void
stateroom_slice_export_file_async (const CkptSlice *slice,
                                   const CkptRect *rect,
                                   StateroomExportFormat format,
                                   GFile *file,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_autoptr (GTask) task = new_task (slice, rect, format, file, cancellable, callback, user_data);

  g_task_run_in_thread (task, file_in_thread);
}

/**
 * stateroom_slice_export_file_finish:
 *
 * Returns: FALSE with an error; a file that was there is then as it was
 */
gboolean
stateroom_slice_export_file_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
