/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records.h"

#include <glib/gi18n.h>

#include "table.h"

#define MAX_RECORDS 40
#define MAX_NAME    120

static const char *const method_names[] = {
  [CKPT_RECORD_STORED] = "stored",
  [CKPT_RECORD_DEFLATED] = "deflated",
  [CKPT_RECORD_UNREADABLE] = "unreadable",
};

static void
write_record (JsonStream *json, const CkptRecord *record)
{
  g_autoptr (yyjson_mut_doc) doc = yyjson_mut_doc_new (NULL);
  yyjson_mut_val *object = yyjson_mut_obj (doc);

  yyjson_mut_obj_add_val (doc, object, "name", json_text (doc, record->name, record->name_length));
  yyjson_mut_obj_add_uint (doc, object, "size", record->size);
  yyjson_mut_obj_add_uint (doc, object, "stored_size", record->stored_size);
  yyjson_mut_obj_add_str (doc, object, "method", method_names[record->method]);
  json_stream_value (json, NULL, object);
}

static void
write_records (JsonStream *json, CkptArchive *archive)
{
  guint n = ckpt_archive_get_n (archive);

  json_stream_begin_array (json, "records");
  for (guint i = 0; i < n; i++)
    write_record (json, ckpt_archive_get (archive, i));
  json_stream_end (json);
}

static void
print_records (Output *output, CkptArchive *archive)
{
  g_autoptr (Table) table = table_new (output, 3, "  ");
  guint n = ckpt_archive_get_n (archive);

  table_set_right (table, 1);
  table_add (table, (const char *[]) { _ ("record"), _ ("bytes"), NULL });
  for (guint i = 0; i < MIN (n, MAX_RECORDS); i++)
    {
      const CkptRecord *record = ckpt_archive_get (archive, i);
      g_autofree char *name = ckpt_text_escape (record->name, record->name_length, MAX_NAME);
      g_autofree char *size = ckpt_text_count (record->size);

      table_add (table, (const char *[]) { name, size, method_names[record->method] });
    }
  table_print (table);
  if (n > MAX_RECORDS)
    output_printf (output, _ ("  and %u more\n"), n - MAX_RECORDS);
}

/**
 * records_show:
 *
 * Shows the records of a file that could not be opened, if there are any.
 */
void
records_show (Session *session, gpointer user_data)
{
  g_autoptr (CkptArchive) archive = ckpt_load_records (session->file, NULL);

  if (archive == NULL)
    return;

  if (session->json != NULL)
    {
      write_records (session->json, archive);
      return;
    }

  session_print_name (session);
  print_records (session->output, archive);
}
