/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "formats/ckpt-plan.h"
#include "formats/ckpt-zip-member.h"
#include "formats/ckpt-zip-names.h"

G_BEGIN_DECLS

#define CKPT_ZIP_NO_MEMBER G_MAXUINT

/**
 * CkptZipWriter:
 * @plan: what this is a part of; its records are those of the zip
 * @members: (element-type CkptZipMember): the same as they stand in the zip; set by ckpt_zip_writer_place()
 * @prefix: the folder of the records, with its slash
 * @source: (nullable): the records of the zip that is written anew
 * @names: (nullable): their names
 * @is_big_endian: the byte order of the storages
 * @alignment: what data are aligned to
 * @id: number of the record with the serialization id that is to be made, or %CKPT_ZIP_NO_MEMBER
 * @format_version: number of the record of that name, or %CKPT_ZIP_NO_MEMBER
 * @directory: byte of the file where the directory begins
 * @directory_size: its bytes
 *
 * A zip that is going to be written.
 */
typedef struct
{
  CkptPlan *plan;
  GArray *members;
  char *prefix;
  CkptArchive *source;
  CkptZipNames *names;
  gboolean is_big_endian;
  guint alignment;
  guint id;
  guint64 directory;
  guint64 directory_size;
} CkptZipWriter;

/* Chooses the records: in ckpt-zip-plan.c. */
gboolean ckpt_zip_writer_plan_unedited (CkptZipWriter  *self,
                                        GError        **error);
gboolean ckpt_zip_writer_plan_edited   (CkptZipWriter  *self,
                                        GError        **error);
gboolean ckpt_zip_writer_plan_new      (CkptZipWriter  *self,
                                        GError        **error);
/* Finds the places of all members; @block: not 0 where blocks of that size are to be shared with the files that records come from. */
gboolean ckpt_zip_writer_place         (CkptZipWriter  *self,
                                        guint           block,
                                        GError        **error);
/* What .data/serialization_id says, of records whose CRCs are known: in ckpt-zip-id.c. */
void     ckpt_zip_writer_make_id       (CkptZipWriter  *self,
                                        char            id[41]);

G_END_DECLS
