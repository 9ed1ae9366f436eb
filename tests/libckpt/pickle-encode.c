/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reads pickles and writes them again, for encode.py. The file that its argument names holds pickle after pickle, each after its length in
 * 8 bytes. For each, two results follow on the output, of the pickle and of what was written for it: a byte that says how it went, a length
 * in 8 bytes, and so many bytes: what was written, or why nothing was. */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "io/ckpt-archive.h"
#include "pickle/ckpt-decoder.h"
#include "pickle/ckpt-encoder.h"

enum
{
  WRITTEN,
  NOT_READ,
  NOT_WRITTEN,
  LEFT_OUT, /* written but for something that a warning names */
};

static gboolean
append (gpointer data, const void *bytes, gsize length, GError **error)
{
  g_byte_array_append (data, bytes, length);
  return TRUE;
}

static void
print_result (guint8 result, const void *bytes, guint64 length)
{
  fwrite (&result, 1, 1, stdout);
  fwrite (&length, sizeof length, 1, stdout);
  fwrite (bytes, 1, length, stdout);
}

static gboolean
is_left_out (CkptWarnings *warnings)
{
  for (guint i = 0; i < ckpt_warnings_get_n (warnings); i++)
    if (g_str_equal (ckpt_warnings_get (warnings, i)->place.code, "odd-target") ||
        g_str_equal (ckpt_warnings_get (warnings, i)->place.code, "second-state"))
      return TRUE;
  return FALSE;
}

/* Gives what was written, empty if nothing was. */
static GByteArray *
write_again (CkptArchive *archive, guint record)
{
  g_autoptr (CkptReader) reader = ckpt_reader_new (archive, record);
  g_autoptr (CkptNodes) nodes = ckpt_nodes_new ();
  g_autoptr (CkptWarnings) warnings = ckpt_warnings_new ();
  g_autoptr (GByteArray) written = g_byte_array_new ();
  const CkptSink sink = { append, written };
  g_autoptr (GError) error = NULL;
  CkptPickleInfo info;

  if (!ckpt_decode_pickle (reader, nodes, warnings, NULL, NULL, NULL, &info, &error))
    print_result (NOT_READ, error->message, strlen (error->message));
  else if (!ckpt_encode (nodes, archive, info.root, &sink, &error))
    print_result (NOT_WRITTEN, error->message, strlen (error->message));
  else
    print_result (is_left_out (warnings) ? LEFT_OUT : WRITTEN, written->data, written->len);
  if (error != NULL)
    g_byte_array_set_size (written, 0);
  return g_steal_pointer (&written);
}

/* A file that holds just that, and is gone once it is closed. */
static CkptArchive *
make_archive (GByteArray *bytes)
{
  g_autofree char *path = NULL;
  g_autoptr (CkptSource) source = NULL;
  g_autoptr (CkptArchive) archive = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("pickle-XXXXXX", &path, &error);

  g_assert_no_error (error);
  g_assert_true (write (fd, bytes->data, bytes->len) == (gssize) bytes->len);
  close (fd);
  source = ckpt_source_open (path, &error);
  g_assert_no_error (error);
  unlink (path);
  archive = ckpt_archive_new (source);
  ckpt_archive_add (archive, "pickle", -1, 0, bytes->len);
  return g_steal_pointer (&archive);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptSource) source = ckpt_source_open (argv[1], &error);
  g_autoptr (CkptArchive) archive = NULL;
  guint64 size, length;

  g_assert_no_error (error);
  archive = ckpt_archive_new (source);
  size = ckpt_source_get_size (source);
  for (guint64 offset = 0; offset < size; offset += length)
    {
      g_autoptr (GByteArray) once = NULL;
      g_autoptr (GByteArray) twice = NULL;
      g_autoptr (CkptArchive) again = NULL;

      ckpt_source_read (source, offset, &length, sizeof length, &error);
      g_assert_no_error (error);
      offset += sizeof length;
      once = write_again (archive, ckpt_archive_add (archive, "pickle", -1, offset, length));
      again = make_archive (once);
      twice = write_again (again, 0);
    }
  return 0;
}
