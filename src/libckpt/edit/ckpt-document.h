/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "edit/ckpt-edit.h"

G_BEGIN_DECLS

#define CKPT_TYPE_DOCUMENT (ckpt_document_get_type ())

/* A file that is edited: its tree as it is now, and how it came to be so. The only object here that changes; for the main thread. Emits
 * "changed" when the tree, or what is pending, is no longer what it was. */
CKPT_EXPORT G_DECLARE_FINAL_TYPE (CkptDocument, ckpt_document, CKPT, DOCUMENT, GObject)

CKPT_EXPORT CkptDocument *ckpt_document_new            (CkptTree          *tree);
/* The tree as edited; that of the file which the pending edits are of; that of the file which was opened or saved last. */
CKPT_EXPORT CkptTree     *ckpt_document_get_tree       (CkptDocument      *self);
CKPT_EXPORT CkptTree     *ckpt_document_get_base       (CkptDocument      *self);
CKPT_EXPORT CkptTree     *ckpt_document_get_saved      (CkptDocument      *self);
CKPT_EXPORT gboolean      ckpt_document_is_modified    (CkptDocument      *self);

CKPT_EXPORT gboolean      ckpt_document_apply          (CkptDocument      *self,
                                                        CkptEdit          *edit,
                                                        CkptEffect       **effect,
                                                        GError           **error);
CKPT_EXPORT gboolean      ckpt_document_add            (CkptDocument      *self,
                                                        CkptEdit          *edit,
                                                        CkptTree          *from,
                                                        CkptTree          *result,
                                                        CkptEffect        *effect,
                                                        GError           **error);
CKPT_EXPORT CkptEffect   *ckpt_document_preview        (CkptDocument      *self,
                                                        CkptEdit          *edit,
                                                        GError           **error);
CKPT_EXPORT gboolean      ckpt_document_undo           (CkptDocument      *self);
CKPT_EXPORT gboolean      ckpt_document_redo           (CkptDocument      *self);
/* NULL where there is nothing to undo or redo. */
CKPT_EXPORT const char   *ckpt_document_get_undo_title (CkptDocument      *self);
CKPT_EXPORT const char   *ckpt_document_get_redo_title (CkptDocument      *self);

/* The edits that lead from the base to the tree. */
CKPT_EXPORT guint         ckpt_document_get_n_pending  (CkptDocument      *self);
CKPT_EXPORT CkptEdit     *ckpt_document_get_pending    (CkptDocument      *self,
                                                        guint              i,
                                                        CkptEffect       **effect);
CKPT_EXPORT void          ckpt_document_revert_to      (CkptDocument      *self,
                                                        guint              n_pending);
CKPT_EXPORT GPtrArray    *ckpt_document_list_edits     (CkptDocument      *self);
CKPT_EXPORT char         *ckpt_document_dup_recipe     (CkptDocument      *self);
CKPT_EXPORT char         *ckpt_document_dup_command    (CkptDocument      *self,
                                                        const char        *output);
CKPT_EXPORT gboolean      ckpt_document_is_touched     (CkptDocument      *self,
                                                        CkptNodeId         node);

CKPT_EXPORT void          ckpt_document_set_saved      (CkptDocument      *self,
                                                        CkptTree          *tree);
CKPT_EXPORT void          ckpt_document_keep_journal   (CkptDocument      *self);
CKPT_EXPORT void          ckpt_document_close          (CkptDocument      *self);

G_END_DECLS
