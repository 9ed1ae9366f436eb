/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-source.h"

#include <string.h>

G_BEGIN_DECLS

/* The parts of a zip, as PKWARE's APPNOTE.TXT has them; all numbers are little-endian. */
#define CKPT_ZIP_LOCAL_SIZE      30
#define CKPT_ZIP_CENTRAL_SIZE    46
#define CKPT_ZIP_END_SIZE        22
#define CKPT_ZIP_END64_SIZE      56
#define CKPT_ZIP_LOCATOR_SIZE    20
#define CKPT_ZIP_MAX_COMMENT     65535
#define CKPT_ZIP_MAX_DESCRIPTOR  24

#define CKPT_ZIP_METHOD_STORED   0
#define CKPT_ZIP_METHOD_DEFLATED 8

typedef enum
{
  CKPT_ZIP_FLAG_ENCRYPTED = 1 << 0,
  CKPT_ZIP_FLAG_DESCRIPTOR = 1 << 3, /* sizes and CRC follow the data */
  CKPT_ZIP_FLAG_PATCH = 1 << 5,
  CKPT_ZIP_FLAG_STRONG_ENCRYPTION = 1 << 6,
  CKPT_ZIP_FLAG_MASKED = 1 << 13,
} CkptZipFlags;

/* Those that would make the bytes of a record mean something else. */
#define CKPT_ZIP_ODD_FLAGS                                                                                   \
  (CKPT_ZIP_FLAG_ENCRYPTED | CKPT_ZIP_FLAG_PATCH | CKPT_ZIP_FLAG_STRONG_ENCRYPTION | CKPT_ZIP_FLAG_MASKED)

/**
 * CkptZipHeader:
 * @offset: byte of the file where it begins
 * @size: as it says, so often 0
 * @stored_size: likewise
 * @name: its name, @name_length bytes and a NUL
 * @data: byte of the file where the record's data begin
 *
 * The local header before a record's data.
 */
typedef struct
{
  guint64 offset;
  guint16 flags;
  guint16 method;
  guint32 crc;
  guint32 stored_size;
  guint32 size;
  char *name;
  guint16 name_length;
  guint16 extra_length;
  guint64 data;
} CkptZipHeader;

gboolean ckpt_zip_header_read  (CkptSource     *source,
                                guint64         offset,
                                gboolean       *is_header,
                                CkptZipHeader  *header,
                                GError        **error);
void     ckpt_zip_header_clear (CkptZipHeader  *header);
/* Sets an error that is at @offset of the file; FALSE. */
gboolean ckpt_zip_fail         (GError        **error,
                                CkptError       error_code,
                                const char     *code,
                                guint64         offset,
                                const char     *format,
                                ...) G_GNUC_PRINTF (5, 6);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CkptZipHeader, ckpt_zip_header_clear)

static inline guint16
ckpt_zip_get16 (const guint8 *bytes)
{
  return bytes[0] | bytes[1] << 8;
}

static inline guint32
ckpt_zip_get32 (const guint8 *bytes)
{
  guint32 value;

  memcpy (&value, bytes, sizeof value);
  return GUINT32_FROM_LE (value);
}

static inline guint64
ckpt_zip_get64 (const guint8 *bytes)
{
  guint64 value;

  memcpy (&value, bytes, sizeof value);
  return GUINT64_FROM_LE (value);
}

G_END_DECLS
