/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-file.h"

#include <glib/gstdio.h>
#include <string.h>

TestFile *
test_file_new (const char *name, const void *content, gsize length)
{
  TestFile *self = g_new0 (TestFile, 1);
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("ckpt-test-XXXXXX", &error);
  g_assert_no_error (error);
  self->path = g_build_filename (self->folder, name, NULL);
  g_file_set_contents (self->path, content, length, &error);
  g_assert_no_error (error);
  return self;
}

void
test_file_free (TestFile *self)
{
  g_unlink (self->path);
  g_rmdir (self->folder);
  g_free (self->path);
  g_free (self->folder);
  g_free (self);
}

void
test_text (GByteArray *array, const char *text)
{
  g_byte_array_append (array, (const guint8 *) text, strlen (text));
}

void
test_u64 (GByteArray *array, guint64 value)
{
  guint64 little = GUINT64_TO_LE (value);

  g_byte_array_append (array, (const guint8 *) &little, sizeof little);
}

void
test_unicode (GByteArray *array, const char *text)
{
  guint32 length = GUINT32_TO_LE (strlen (text));

  test_bytes (array, "X");
  g_byte_array_append (array, (const guint8 *) &length, sizeof length);
  test_text (array, text);
}
