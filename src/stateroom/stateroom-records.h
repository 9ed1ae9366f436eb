/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <ckpt.h>

G_BEGIN_DECLS

#define STATEROOM_TYPE_RECORDS (stateroom_records_get_type ())

/* A list of the records of a file, which can be opened; for files of which nothing else can be shown. */
G_DECLARE_FINAL_TYPE (StateroomRecords, stateroom_records, STATEROOM, RECORDS, AdwBin)

void stateroom_records_set_archive (StateroomRecords *self,
                                    CkptArchive      *archive);

G_END_DECLS
