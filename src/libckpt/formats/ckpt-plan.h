/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "formats/ckpt-payload.h"
#include "formats/ckpt-write.h"

G_BEGIN_DECLS

typedef struct _CkptWriteFormat CkptWriteFormat;

/**
 * CkptPlanRecord:
 * @name: its name, of @name_length bytes; owned by the plan
 * @payload: its bytes
 * @size: bytes once unpacked
 * @offset: byte of the new file where it begins
 * @crc: CRC-32 of it, known once it is written
 * @method: how it is packed
 *
 * A record of the new file, as it is to be found there.
 */
typedef struct
{
  const char *name;
  gsize name_length;
  CkptPayload payload;
  guint64 size;
  guint64 offset;
  guint32 crc;
  CkptRecordMethod method;
} CkptPlanRecord;

/**
 * CkptPlan:
 * @tree: what is written
 * @origin: what the file of it holds; the container of that is the one whose parts can be kept
 * @options: how
 * @is_unedited: whether @tree is what the file of it holds, and is written in the same container
 * @is_whole: whether the new file is a copy of the old one, with nothing made anew
 * @size: bytes of the new file
 * @n_copied: how many of them are copied from the file of @tree
 * @names: texts of @records
 * @records: (element-type CkptPlanRecord): the records of the new file, in order
 * @notes: (element-type utf8): what a person should know: sentences
 * @format: the container
 * @data: what @format keeps
 */
struct _CkptPlan
{
  CkptTree *tree;
  CkptTree *origin;
  CkptWriteOptions options;
  GCancellable *cancellable;
  gboolean is_unedited;
  gboolean is_whole;
  guint64 size;
  guint64 n_copied;
  GStringChunk *names;
  GArray *records;
  GPtrArray *notes;
  const CkptWriteFormat *format;
  gpointer data;
};

/**
 * CkptWriteFormat:
 * @container: what it writes
 * @first_record: which record of an archive that ckpt_load() reads is the first one of a plan
 * @plan: finds the records, their places and the size of the file
 * @align: (nullable): moves records to where blocks of that size can be shared with the file that they come from
 * @write: writes the file, and fills in the CRCs
 * @verify: (nullable): whether a file that was read back holds what was meant, where its values are not simply those of the tree
 * @free: frees the data
 *
 * A row of the table of containers that are written.
 */
struct _CkptWriteFormat
{
  CkptContainer container;
  guint first_record;
  gboolean (*plan)  (CkptPlan    *plan,
                     GError     **error);
  gboolean (*align) (CkptPlan    *plan,
                     guint        block,
                     GError     **error);
  gboolean (*write) (CkptPlan    *plan,
                     CkptWriter  *writer,
                     GError     **error);
  gboolean (*verify) (CkptPlan   *plan,
                      CkptTree   *read,
                      GError    **error);
  void     (*free)  (gpointer     data);
};

extern const CkptWriteFormat ckpt_write_zip;
extern const CkptWriteFormat ckpt_write_legacy;
extern const CkptWriteFormat ckpt_write_safetensors;

/* Adds a record, whose payload is to be filled in. Valid until the next one is added. */
CkptPlanRecord *ckpt_plan_add_record (CkptPlan    *self,
                                      const char  *name,
                                      gssize       name_length);
CkptPlanRecord *ckpt_plan_get_record (CkptPlan    *self,
                                      guint        index);
void            ckpt_plan_remove_record (CkptPlan *self,
                                      guint        index);
void            ckpt_plan_add_note   (CkptPlan    *self,
                                      const char  *format,
                                      ...) G_GNUC_PRINTF (2, 3);
/* The storages (element-type guint) that are written, in the order in which the pickle names them; fails if one is not named as the
 * container names it. */
GArray         *ckpt_plan_list_storages (CkptPlan   *self,
                                      GError     **error);
/* Moves records so that blocks of that size can be shared with the files that they come from, if that makes a difference. */
gboolean        ckpt_plan_align      (CkptPlan    *self,
                                      guint        block,
                                      GError     **error);
/* Writes the whole file; what it wrote and did not copy can be asked of @writer. */
gboolean        ckpt_plan_write      (CkptPlan    *self,
                                      CkptWriter  *writer,
                                      GError     **error);

G_END_DECLS
