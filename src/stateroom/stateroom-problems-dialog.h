/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <ckpt.h>

G_BEGIN_DECLS

#define STATEROOM_TYPE_PROBLEMS_DIALOG (stateroom_problems_dialog_get_type ())

/* Lists what is odd about a file. */
G_DECLARE_FINAL_TYPE (StateroomProblemsDialog, stateroom_problems_dialog, STATEROOM, PROBLEMS_DIALOG, AdwDialog)

AdwDialog *stateroom_problems_dialog_new (CkptTree *tree);

G_END_DECLS
