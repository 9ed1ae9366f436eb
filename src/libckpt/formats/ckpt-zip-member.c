/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-zip-member.h"

#include "formats/ckpt-zip-header.h"

#include <string.h>

/* A zip as PyTorch writes it: PyTorchStreamWriter (caffe2/serialize/inline_container.cc) on its copy of miniz (miniz.c,
 * mz_zip_writer_add_mem_ex_v2() and mz_zip_writer_finalize_archive()). Sizes and CRC stand behind the data and in the directory,
 * never in the local header; an extra field "FB" fills up to where the data begin, and a zip64 field stands before it where the
 * record is large or begins late. */

#define NONE32 0xffffffff
#define NONE16 0xffff

#define FLAGS_UTF8       0x0800
#define FLAGS_DESCRIPTOR 0x0008

#define VERSION_STORED   0
#define VERSION_DEFLATED 20
#define VERSION_ZIP64    45
#define MADE_BY_UNIX     0x031e

#define ZIP64_ID             1
#define FIELD_SIZE           4 /* id and length of an extra field */
#define PADDING_ID           "FB"
#define PADDING              'Z'
#define DESCRIPTOR_SIZE      16
#define WIDE_DESCRIPTOR_SIZE 24

static void
put16 (GByteArray *out, guint value)
{
  guint16 bytes = GUINT16_TO_LE ((guint16) value);

  g_byte_array_append (out, (const guint8 *) &bytes, sizeof bytes);
}

static void
put32 (GByteArray *out, guint32 value)
{
  guint32 bytes = GUINT32_TO_LE (value);

  g_byte_array_append (out, (const guint8 *) &bytes, sizeof bytes);
}

static void
put64 (GByteArray *out, guint64 value)
{
  guint64 bytes = GUINT64_TO_LE (value);

  g_byte_array_append (out, (const guint8 *) &bytes, sizeof bytes);
}

static void
put_text (GByteArray *out, const char *text, gsize length)
{
  g_byte_array_append (out, (const guint8 *) text, length);
}

static gboolean
has_wide_size (const CkptZipMember *self)
{
  return self->size >= NONE32 || self->stored_size >= NONE32;
}

static gboolean
has_wide_header (const CkptZipMember *self)
{
  return self->header >= NONE32;
}

static gboolean
is_wide (const CkptZipMember *self)
{
  return has_wide_size (self) || has_wide_header (self);
}

/* PyTorch puts the offset of the header into the header itself. */
static guint
get_local_zip64_size (const CkptZipMember *self)
{
  return is_wide (self) ? FIELD_SIZE + (has_wide_size (self) ? 16 : 0) + (has_wide_header (self) ? 8 : 0) : 0;
}

static guint
get_central_zip64_size (const CkptZipMember *self)
{
  guint n = 8 * ((self->size >= NONE32) + (self->stored_size >= NONE32) + has_wide_header (self));

  return n > 0 ? FIELD_SIZE + n : 0;
}

/* Nothing stands behind a record without bytes. */
static guint
get_descriptor_size (const CkptZipMember *self)
{
  if (self->size == 0)
    return 0;
  return is_wide (self) ? WIDE_DESCRIPTOR_SIZE : DESCRIPTOR_SIZE;
}

static guint16
get_flags (const CkptZipMember *self)
{
  return self->size == 0 ? FLAGS_UTF8 : FLAGS_UTF8 | FLAGS_DESCRIPTOR;
}

static guint16
get_version (const CkptZipMember *self)
{
  return self->method == CKPT_ZIP_METHOD_STORED ? VERSION_STORED : VERSION_DEFLATED;
}

/**
 * ckpt_zip_member_place_at:
 * @self: a record with a name and sizes
 * @header: byte of the file where it is to begin
 * @alignment: what its data are aligned to, from 1 to %CKPT_ZIP_MAX_ALIGNMENT
 * @rest: the byte of the file where the data begin is to leave this when divided by @alignment; less than that
 *
 * Finds the padding for a record whose bytes can be cloned if they keep their place within a block of the file system.
 *
 * Returns: FALSE if the file would be too large
 */
gboolean
ckpt_zip_member_place_at (CkptZipMember *self, guint64 header, guint alignment, guint rest)
{
  guint64 start, end;

  g_return_val_if_fail (alignment > 0 && alignment <= CKPT_ZIP_MAX_ALIGNMENT && rest < alignment, FALSE);

  self->header = header;
  self->padding = 0;
  if (!g_uint64_checked_add (&start, header,
                             CKPT_ZIP_LOCAL_SIZE + (guint64) self->name_length + FIELD_SIZE) ||
      !g_uint64_checked_add (&start, start, get_local_zip64_size (self)))
    return FALSE;

  self->padding = (rest + alignment - start % alignment) % alignment;
  return g_uint64_checked_add (&end, start, (guint64) self->padding + get_descriptor_size (self)) &&
         g_uint64_checked_add (&end, end, self->stored_size) && end <= G_MAXINT64;
}

/**
 * ckpt_zip_member_place:
 * @self: a record with a name and sizes
 * @header: byte of the file where it is to begin
 * @alignment: what its data are aligned to, from 1 to %CKPT_ZIP_MAX_ALIGNMENT
 *
 * Finds the padding as getPadding() of PyTorch's inline_container.cc does; torch.load() with calculate_storage_offsets relies on it.
 *
 * Returns: FALSE if the file would be too large
 */
gboolean
ckpt_zip_member_place (CkptZipMember *self, guint64 header, guint alignment)
{
  return ckpt_zip_member_place_at (self, header, alignment, 0);
}

/**
 * ckpt_zip_member_get_data:
 * @self: a record that has its place
 *
 * Returns: byte of the file where its data begin
 */
guint64
ckpt_zip_member_get_data (const CkptZipMember *self)
{
  return self->header + CKPT_ZIP_LOCAL_SIZE + self->name_length + get_local_zip64_size (self) + FIELD_SIZE +
         self->padding;
}

/**
 * ckpt_zip_member_get_end:
 * @self: a record that has its place
 *
 * Returns: byte of the file where the next one begins
 */
guint64
ckpt_zip_member_get_end (const CkptZipMember *self)
{
  return ckpt_zip_member_get_data (self) + self->stored_size + get_descriptor_size (self);
}

/**
 * ckpt_zip_member_get_central_size:
 * @self: a record that has its place
 *
 * Returns: bytes of its entry in the directory
 */
guint
ckpt_zip_member_get_central_size (const CkptZipMember *self)
{
  return CKPT_ZIP_CENTRAL_SIZE + self->name_length + get_central_zip64_size (self);
}

static void
put_local_extra (const CkptZipMember *self, GByteArray *out)
{
  guint zip64 = get_local_zip64_size (self);
  gsize at;

  if (zip64 > 0)
    {
      put16 (out, ZIP64_ID);
      put16 (out, zip64 - FIELD_SIZE);
    }
  if (has_wide_size (self))
    {
      put64 (out, self->size);
      put64 (out, 0);
    }
  if (has_wide_header (self))
    put64 (out, self->header);

  put_text (out, PADDING_ID, 2);
  put16 (out, self->padding);
  at = out->len;
  g_byte_array_set_size (out, at + self->padding);
  memset (out->data + at, PADDING, self->padding);
}

/**
 * ckpt_zip_member_put_local:
 * @self: a record that has its place
 * @out: where to append what stands before its data
 */
void
ckpt_zip_member_put_local (const CkptZipMember *self, GByteArray *out)
{
  put_text (out, "PK\3\4", 4);
  put16 (out, get_version (self));
  put16 (out, get_flags (self));
  put16 (out, self->method);
  put32 (out, 0); /* time and date */
  put32 (out, 0); /* CRC and sizes stand behind the data */
  put32 (out, 0);
  put32 (out, 0);
  put16 (out, self->name_length);
  put16 (out, get_local_zip64_size (self) + FIELD_SIZE + self->padding);
  put_text (out, self->name, self->name_length);
  put_local_extra (self, out);
}

/**
 * ckpt_zip_member_put_descriptor:
 * @self: a record whose CRC is known
 * @out: where to append what stands behind its data
 */
void
ckpt_zip_member_put_descriptor (const CkptZipMember *self, GByteArray *out)
{
  if (self->size == 0)
    return;

  put_text (out, "PK\7\10", 4);
  put32 (out, self->crc);
  if (is_wide (self))
    {
      put64 (out, self->stored_size);
      put64 (out, self->size);
    }
  else
    {
      put32 (out, self->stored_size);
      put32 (out, self->size);
    }
}

/**
 * ckpt_zip_member_put_central:
 * @self: a record whose CRC is known
 * @out: where to append its entry in the directory
 */
void
ckpt_zip_member_put_central (const CkptZipMember *self, GByteArray *out)
{
  guint zip64 = get_central_zip64_size (self);

  put_text (out, "PK\1\2", 4);
  put16 (out, 0); /* made by */
  put16 (out, get_version (self));
  put16 (out, get_flags (self));
  put16 (out, self->method);
  put32 (out, 0);
  put32 (out, self->crc);
  put32 (out, MIN (self->stored_size, NONE32));
  put32 (out, MIN (self->size, NONE32));
  put16 (out, self->name_length);
  put16 (out, zip64);
  put16 (out, 0); /* comment */
  put16 (out, 0); /* disk */
  put16 (out, 0); /* attributes */
  put32 (out, 0);
  put32 (out, MIN (self->header, NONE32));
  put_text (out, self->name, self->name_length);
  if (zip64 == 0)
    return;

  put16 (out, ZIP64_ID);
  put16 (out, zip64 - FIELD_SIZE);
  if (self->size >= NONE32)
    put64 (out, self->size);
  if (self->stored_size >= NONE32)
    put64 (out, self->stored_size);
  if (has_wide_header (self))
    put64 (out, self->header);
}

/**
 * ckpt_zip_put_end:
 * @n_members: records in the directory
 * @directory: byte of the file where it begins
 * @directory_size: its bytes
 * @out: where to append what stands behind it
 *
 * PyTorch writes the zip64 end records into small files too.
 */
void
ckpt_zip_put_end (guint64 n_members, guint64 directory, guint64 directory_size, GByteArray *out)
{
  put_text (out, "PK\6\6", 4);
  put64 (out, CKPT_ZIP_END64_SIZE - 12);
  put16 (out, MADE_BY_UNIX);
  put16 (out, VERSION_ZIP64);
  put32 (out, 0); /* disks */
  put32 (out, 0);
  put64 (out, n_members);
  put64 (out, n_members);
  put64 (out, directory_size);
  put64 (out, directory);

  put_text (out, "PK\6\7", 4);
  put32 (out, 0);
  put64 (out, directory + directory_size);
  put32 (out, 1);

  put_text (out, "PK\5\6", 4);
  put16 (out, 0);
  put16 (out, 0);
  put16 (out, MIN (n_members, NONE16));
  put16 (out, MIN (n_members, NONE16));
  put32 (out, MIN (directory_size, NONE32));
  put32 (out, MIN (directory, NONE32));
  put16 (out, 0); /* comment */
}
