/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "formats/ckpt-zip-end.h"

G_BEGIN_DECLS

/* A reading of a zip's directory of our own, to be held against what libzip makes of it: it gives warnings and refusals, never data. */
typedef struct _CkptZipAudit CkptZipAudit;

/**
 * CkptZipEntry:
 * @name: its name, of @name_length bytes, without a NUL behind
 * @header: byte of the file where its local header should be
 *
 * An entry of the directory.
 */
typedef struct
{
  const char *name;
  guint16 name_length;
  guint16 flags;
  guint16 method;
  guint32 crc;
  guint64 stored_size;
  guint64 size;
  guint64 header;
} CkptZipEntry;

CkptZipAudit       *ckpt_zip_audit_new           (CkptSource    *source,
                                                  CkptWarnings  *warnings,
                                                  GError       **error);
void                ckpt_zip_audit_free          (CkptZipAudit  *self);
guint               ckpt_zip_audit_get_n         (CkptZipAudit  *self);
const CkptZipEntry *ckpt_zip_audit_get           (CkptZipAudit  *self,
                                                  guint          index);
/* The same in the order in which the records lie in the file. */
const CkptZipEntry *ckpt_zip_audit_get_by_place  (CkptZipAudit  *self,
                                                  guint          place);
guint64             ckpt_zip_audit_get_directory (CkptZipAudit  *self);
/* Holds the local headers against the directory: in ckpt-zip-records.c. */
gboolean            ckpt_zip_audit_check_records (CkptZipAudit  *self,
                                                  CkptSource    *source,
                                                  CkptWarnings  *warnings,
                                                  GError       **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptZipAudit, ckpt_zip_audit_free)

G_END_DECLS
