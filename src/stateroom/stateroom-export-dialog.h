/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "stateroom-editor.h"

G_BEGIN_DECLS

#define STATEROOM_TYPE_EXPORT_DIALOG (stateroom_export_dialog_get_type ())

/* Asks what a copy of a file is for, and says what it would be. Emits "export" when it is to be written. */
G_DECLARE_FINAL_TYPE (StateroomExportDialog, stateroom_export_dialog, STATEROOM, EXPORT_DIALOG, AdwDialog)

AdwDialog       *stateroom_export_dialog_new           (StateroomEditor       *editor,
                                                        GFile                 *file);
gboolean         stateroom_export_dialog_is_busy       (StateroomExportDialog *self);
gboolean         stateroom_export_dialog_can_export    (StateroomExportDialog *self);
void             stateroom_export_dialog_set_preset    (StateroomExportDialog *self,
                                                        CkptExportPreset       preset);
void             stateroom_export_dialog_set_reads_in  (StateroomExportDialog *self,
                                                        CkptReadsIn            reads_in);
void             stateroom_export_dialog_set_file      (StateroomExportDialog *self,
                                                        GFile                 *file,
                                                        gboolean               may_replace);
/* What would be written, and where to; the file is the caller's. */
CkptTree        *stateroom_export_dialog_get_tree      (StateroomExportDialog *self);
CkptContainer    stateroom_export_dialog_get_container (StateroomExportDialog *self);
GFile           *stateroom_export_dialog_get_file      (StateroomExportDialog *self);
CkptOutputFlags  stateroom_export_dialog_get_flags     (StateroomExportDialog *self);
const char      *stateroom_export_dialog_get_code      (StateroomExportDialog *self);
void             stateroom_export_dialog_export        (StateroomExportDialog *self);

G_END_DECLS
