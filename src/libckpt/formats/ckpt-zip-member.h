/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-error.h"

G_BEGIN_DECLS

/* What PyTorch aligns the data of records to, unless told otherwise. */
#define CKPT_ZIP_ALIGNMENT 64

/* The largest alignment whose padding fits its field beside a zip64 field. */
#define CKPT_ZIP_MAX_ALIGNMENT 65504

/**
 * CkptZipMember:
 * @name: its name, of @name_length bytes; not owned
 * @method: %CKPT_ZIP_METHOD_STORED or %CKPT_ZIP_METHOD_DEFLATED
 * @size: bytes once unpacked
 * @stored_size: bytes in the file
 * @crc: CRC-32 of the unpacked bytes; only needed behind and after the data
 * @header: byte of the file where its local header begins
 * @padding: bytes that fill up to where its data begin
 *
 * A record of a zip that is being written, and its place in the file. All of it is arithmetic: nothing is read or written.
 */
typedef struct
{
  const char *name;
  guint16 name_length;
  guint16 method;
  guint16 padding;
  guint32 crc;
  guint64 size;
  guint64 stored_size;
  guint64 header;
} CkptZipMember;

/* Puts it at byte @header, its data at a multiple of @alignment. FALSE if the file would be too large. */
gboolean ckpt_zip_member_place          (CkptZipMember       *self,
                                         guint64              header,
                                         guint                alignment);
/* The same with data at a place that leaves @rest when divided by @alignment. */
gboolean ckpt_zip_member_place_at       (CkptZipMember       *self,
                                         guint64              header,
                                         guint                alignment,
                                         guint                rest);
guint64  ckpt_zip_member_get_data       (const CkptZipMember *self);
guint64  ckpt_zip_member_get_end        (const CkptZipMember *self);
guint    ckpt_zip_member_get_central_size (const CkptZipMember *self);
void     ckpt_zip_member_put_local      (const CkptZipMember *self,
                                         GByteArray          *out);
void     ckpt_zip_member_put_descriptor (const CkptZipMember *self,
                                         GByteArray          *out);
void     ckpt_zip_member_put_central    (const CkptZipMember *self,
                                         GByteArray          *out);
/* The three end records. */
void     ckpt_zip_put_end               (guint64              n_members,
                                         guint64              directory,
                                         guint64              directory_size,
                                         GByteArray          *out);

G_END_DECLS
