/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "edit/ckpt-edit.h"
#include "edit/ckpt-reads-in.h"

G_BEGIN_DECLS

/**
 * CkptExportPreset:
 * @CKPT_EXPORT_CPU: the same content on the CPU
 * @CKPT_EXPORT_SHARE: weights to share: without wrappers, optimizer and unused bytes, loadable with weights_only=True
 */
typedef enum
{
  CKPT_EXPORT_CPU,
  CKPT_EXPORT_SHARE,
} CkptExportPreset;

/**
 * CkptExportOptions:
 * @preset: what is wanted
 * @reads_in: which PyTorch must be able to load it
 * @has_container: whether @container says what it is to be written as; else that follows from the rest
 * @container: a torch zip, a legacy file of torch, or safetensors
 * @leaves_out: leave out what @container has no place for, instead of failing
 */
typedef struct
{
  CkptExportPreset preset;
  CkptReadsIn reads_in;
  gboolean has_container;
  CkptContainer container;
  gboolean leaves_out;
} CkptExportOptions;

/* A list of edits and a container, done to a tree but not written yet: its tree is written by ckpt_save(). Does not change. */
typedef struct _CkptExport CkptExport;

CKPT_EXPORT CkptExport    *ckpt_export_new           (CkptTree                 *tree,
                                                      const CkptExportOptions  *options,
                                                      GCancellable             *cancellable,
                                                      GError                  **error);
CKPT_EXPORT void           ckpt_export_free          (CkptExport               *self);
CKPT_EXPORT CkptTree      *ckpt_export_get_tree      (CkptExport               *self);
CKPT_EXPORT CkptContainer  ckpt_export_get_container (CkptExport               *self);
/* What was done, edits that had nothing to do left out. */
CKPT_EXPORT GPtrArray     *ckpt_export_get_edits     (CkptExport               *self);
CKPT_EXPORT GPtrArray     *ckpt_export_get_effects   (CkptExport               *self);
/* Sentences on what could not be done, beside those of the effects. */
CKPT_EXPORT GPtrArray     *ckpt_export_get_notes     (CkptExport               *self);
CKPT_EXPORT char          *ckpt_export_dup_name      (CkptExport               *self,
                                                      const char               *path);
CKPT_EXPORT char          *ckpt_export_dup_code      (CkptExport               *self,
                                                      const char               *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptExport, ckpt_export_free)

G_END_DECLS
