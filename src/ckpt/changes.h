/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session.h"

G_BEGIN_DECLS

/**
 * Changes:
 * @edits: (element-type CkptEdit): what was done
 * @effects: (element-type CkptEffect): what each of them did
 *
 * Edits of one file, to tell of.
 */
typedef struct
{
  GPtrArray *edits;
  GPtrArray *effects;
} Changes;

void       changes_init       (Changes         *self);
void       changes_clear      (Changes         *self);
CkptTree  *changes_apply      (Changes         *self,
                               GPtrArray       *edits,
                               CkptTree        *tree,
                               GError         **error);
void       changes_print      (const Changes   *self,
                               gboolean         in_full,
                               Output          *output);
void       changes_to_json    (const Changes   *self,
                               JsonStream      *json);
yyjson_mut_val *changes_list_notes (yyjson_mut_doc *doc,
                               GPtrArray       *notes);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Changes, changes_clear)

G_END_DECLS
