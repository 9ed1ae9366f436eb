/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-zip.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "test-files.h"

#define NONE32 0xffffffff

static void
entry_free (gpointer data)
{
  TestZipEntry *entry = data;

  g_bytes_unref (entry->name);
  g_bytes_unref (entry->local_name);
  g_bytes_unref (entry->data);
  g_clear_pointer (&entry->extra, g_bytes_unref);
  g_free (entry);
}

TestZip *
test_zip_new (void)
{
  TestZip *self = g_new0 (TestZip, 1);

  self->entries = g_ptr_array_new_with_free_func (entry_free);
  self->alignment = 64;
  self->has_end64 = TRUE;
  self->count = self->directory_offset = self->directory_size = -1;
  self->end64_offset = self->end64_count = self->comment_length = -1;
  return self;
}

void
test_zip_free (TestZip *self)
{
  g_ptr_array_unref (self->entries);
  g_clear_pointer (&self->comment, g_bytes_unref);
  g_clear_pointer (&self->suffix, g_bytes_unref);
  g_free (self);
}

/* The local sizes are 0 as PyTorch's, which follow the data; records of no bytes have nothing that follows. */
TestZipEntry *
test_zip_add (TestZip *self, const char *name, const void *data, gsize length)
{
  TestZipEntry *entry = g_new0 (TestZipEntry, 1);

  entry->name = g_bytes_new (name, strlen (name));
  entry->local_name = g_bytes_ref (entry->name);
  entry->data = g_bytes_new (data, length);
  entry->flags = entry->local_flags = length > 0 ? 0x0808 : 0x0800;
  entry->descriptor = length > 0 ? TEST_DESCRIPTOR_32 : TEST_DESCRIPTOR_NONE;
  entry->crc = crc32 (0, data, length);
  entry->stored_size = entry->size = length;
  entry->is_listed = TRUE;
  entry->header = G_MAXUINT64;
  g_ptr_array_add (self->entries, entry);
  return entry;
}

TestZipEntry *
test_zip_add_deflated (TestZip *self, const char *name, const void *data, gsize length)
{
  z_stream stream = { 0 };
  gsize bound = compressBound (length) + 16;
  g_autofree guint8 *packed = g_malloc (bound);
  TestZipEntry *entry;

  g_assert_cmpint (deflateInit2 (&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY), ==, Z_OK);
  stream.next_in = (guint8 *) data;
  stream.avail_in = length;
  stream.next_out = packed;
  stream.avail_out = bound;
  g_assert_cmpint (deflate (&stream, Z_FINISH), ==, Z_STREAM_END);
  deflateEnd (&stream);
  entry = test_zip_add (self, name, packed, stream.total_out);
  entry->method = entry->local_method = 8;
  entry->crc = crc32 (0, data, length);
  entry->size = length;
  return entry;
}

TestZipEntry *
test_zip_get (TestZip *self, guint index)
{
  return g_ptr_array_index (self->entries, index);
}

static void
append (GByteArray *array, const void *bytes, gsize length)
{
  g_byte_array_append (array, bytes, length);
}

static void
append_number (GByteArray *array, guint64 number, guint n_bytes)
{
  guint64 little = GUINT64_TO_LE (number);

  append (array, &little, n_bytes);
}

static void
append_bytes (GByteArray *array, GBytes *bytes)
{
  if (bytes != NULL)
    append (array, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
append_text (GByteArray *array, const char *text)
{
  append_number (array, 'X', 1);
  append_number (array, strlen (text), 4);
  append (array, text, strlen (text));
}

static void
append_int (GByteArray *array, guint64 number)
{
  append_number (array, 0x8a, 1);
  append_number (array, 8, 1);
  append_number (array, number, 8);
}

GBytes *
test_zip_pickle (guint64 numel)
{
  GByteArray *pickle = g_byte_array_new ();

  append (pickle, "\200\002}(", 4);
  append_text (pickle, "w");
  append (pickle, "ctorch._utils\n_rebuild_tensor_v2\n((", 35);
  append_text (pickle, "storage");
  append (pickle, "ctorch\nFloatStorage\n", 20);
  append_text (pickle, "0");
  append_text (pickle, "cpu");
  append_int (pickle, numel);
  append (pickle, "tQK\0", 4);
  append_int (pickle, numel);
  append (pickle, "\205K\001\205\211ccollections\nOrderedDict\n)RtRu.", 36);
  return g_byte_array_free_to_bytes (pickle);
}

TestZip *
test_zip_new_torch (const char *folder)
{
  static const float values[] = { 1, 2, 3, 4 };
  TestZip *self = test_zip_new ();
  g_autoptr (GBytes) pickle = test_zip_pickle (G_N_ELEMENTS (values));
  g_autofree char *pickle_name = g_strconcat (folder, "/data.pkl", NULL);
  g_autofree char *order_name = g_strconcat (folder, "/byteorder", NULL);
  g_autofree char *data_name = g_strconcat (folder, "/data/0", NULL);
  g_autofree char *version_name = g_strconcat (folder, "/version", NULL);

  test_zip_add (self, pickle_name, g_bytes_get_data (pickle, NULL), g_bytes_get_size (pickle));
  test_zip_add (self, order_name, "little", 6);
  test_zip_add (self, data_name, values, sizeof values);
  test_zip_add (self, version_name, "3\n", 2);
  return self;
}

static void
write_at (int fd, GByteArray *bytes, guint64 *position)
{
  g_assert_cmpint (pwrite (fd, bytes->data, bytes->len, *position), ==, bytes->len);
  *position += bytes->len;
  g_byte_array_set_size (bytes, 0);
}

/* As PyTorch's writer: a zip64 field if need be, then one that pads. */
static void
append_local_extra (GByteArray *array, TestZip *self, TestZipEntry *entry)
{
  GByteArray *extra = g_byte_array_new ();
  guint64 start = entry->offset + 30 + g_bytes_get_size (entry->local_name);

  if (entry->size >= NONE32 || entry->offset >= NONE32)
    {
      append_number (extra, 1, 2);
      append_number (extra, (entry->size >= NONE32 ? 16 : 0) + (entry->offset >= NONE32 ? 8 : 0), 2);
      if (entry->size >= NONE32)
        {
          append_number (extra, entry->size, 8);
          append_number (extra, entry->local_stored_size, 8);
        }
      if (entry->offset >= NONE32)
        append_number (extra, entry->offset, 8);
    }
  if (self->alignment > 0)
    {
      guint padding = (self->alignment - (start + extra->len + 4) % self->alignment) % self->alignment;

      append (extra, "FB", 2);
      append_number (extra, padding, 2);
      for (guint i = 0; i < padding; i++)
        append (extra, "Z", 1);
    }
  append_number (array, extra->len, 2);
  append_bytes (array, entry->local_name);
  append (array, extra->data, extra->len);
  g_byte_array_unref (extra);
}

static void
write_local (TestZip *self, TestZipEntry *entry, int fd, guint64 *position)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  entry->offset = *position;
  append (bytes, "PK\3\4\0\0", 6);
  append_number (bytes, entry->local_flags, 2);
  append_number (bytes, entry->local_method, 2);
  append_number (bytes, 0, 4);
  append_number (bytes, entry->local_stored_size > 0 ? entry->crc : 0, 4);
  append_number (bytes, MIN (entry->local_stored_size, NONE32), 4);
  append_number (bytes, MIN (entry->local_size, NONE32), 4);
  append_number (bytes, g_bytes_get_size (entry->local_name), 2);
  append_local_extra (bytes, self, entry);
  write_at (fd, bytes, position);
  entry->data_offset = *position;
  append_bytes (bytes, entry->data);
  write_at (fd, bytes, position);
  *position += entry->hole;
  if (entry->descriptor == TEST_DESCRIPTOR_NONE)
    return;
  append (bytes, "PK\7\10", 4);
  append_number (bytes, entry->crc, 4);
  append_number (bytes, entry->stored_size, entry->descriptor == TEST_DESCRIPTOR_64 ? 8 : 4);
  append_number (bytes, entry->size, entry->descriptor == TEST_DESCRIPTOR_64 ? 8 : 4);
  write_at (fd, bytes, position);
}

static GBytes *
make_extra (TestZipEntry *entry, guint64 header)
{
  guint64 wide[] = { entry->size, entry->stored_size, header };
  GByteArray *extra;

  if (entry->extra != NULL)
    return g_bytes_ref (entry->extra);
  extra = g_byte_array_new ();
  for (guint i = 0; i < G_N_ELEMENTS (wide); i++)
    if (wide[i] >= NONE32)
      append_number (extra, wide[i], 8);
  if (extra->len > 0)
    {
      guint8 head[] = { 1, 0, extra->len, 0 };

      g_byte_array_prepend (extra, head, sizeof head);
    }
  return g_byte_array_free_to_bytes (extra);
}

static void
append_central (GByteArray *array, TestZipEntry *entry)
{
  guint64 header = entry->header == G_MAXUINT64 ? entry->offset : entry->header;
  g_autoptr (GBytes) extra = make_extra (entry, header);

  append (array, "PK\1\2", 4);
  append_number (array, entry->made_by, 2);
  append_number (array, 0, 2);
  append_number (array, entry->flags, 2);
  append_number (array, entry->method, 2);
  append_number (array, 0, 4);
  append_number (array, entry->crc, 4);
  append_number (array, MIN (entry->stored_size, NONE32), 4);
  append_number (array, MIN (entry->size, NONE32), 4);
  append_number (array, g_bytes_get_size (entry->name), 2);
  append_number (array, g_bytes_get_size (extra), 2);
  append_number (array, 0, 6);
  append_number (array, entry->attributes, 4);
  append_number (array, MIN (header, NONE32), 4);
  append_bytes (array, entry->name);
  append_bytes (array, extra);
}

static guint64
choose (gint64 chosen, guint64 right)
{
  return chosen >= 0 ? (guint64) chosen : right;
}

static void
append_end (GByteArray *array, TestZip *self, guint n, guint64 size)
{
  guint64 end64 = self->end + size;
  guint64 count = choose (self->count, n);
  guint64 count64 = choose (self->end64_count, count);

  if (self->has_end64)
    {
      append (array, "PK\6\6\54\0\0\0\0\0\0\0\36\3\55\0\0\0\0\0\0\0\0\0", 24);
      append_number (array, count64, 8);
      append_number (array, count64, 8);
      append_number (array, choose (self->directory_size, size), 8);
      append_number (array, choose (self->directory_offset, self->end), 8);
      append (array, "PK\6\7\0\0\0\0", 8);
      append_number (array, choose (self->end64_offset, end64), 8);
      append_number (array, 1, 4);
    }
  append (array, "PK\5\6", 4);
  append_number (array, self->disk, 2);
  append_number (array, self->disk, 2);
  append_number (array, MIN (count, 0xffff), 2);
  append_number (array, MIN (count, 0xffff), 2);
  append_number (array, MIN (choose (self->directory_size, size), NONE32), 4);
  append_number (array, MIN (choose (self->directory_offset, self->end), NONE32), 4);
  append_number (
      array, choose (self->comment_length, self->comment != NULL ? g_bytes_get_size (self->comment) : 0), 2);
  append_bytes (array, self->comment);
  append_bytes (array, self->suffix);
}

char *
test_zip_write (TestZip *self, const char *file_name)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  char *path = test_files_path (file_name);
  int fd = open (path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  guint64 position = 0;
  guint n = 0;

  g_assert_cmpint (fd, >=, 0);
  for (guint i = 0; i < self->entries->len; i++)
    write_local (self, test_zip_get (self, i), fd, &position);
  self->end = position;
  for (guint i = 0; i < self->entries->len; i++)
    if (test_zip_get (self, i)->is_listed)
      {
        append_central (bytes, test_zip_get (self, i));
        n++;
      }
  append_end (bytes, self, n, bytes->len);
  write_at (fd, bytes, &position);
  close (fd);
  return path;
}
