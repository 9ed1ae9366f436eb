/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <ckpt.h>

G_BEGIN_DECLS

#define STATEROOM_TYPE_FIGURES (stateroom_figures_get_type ())

/* The figures of a tensor, in as many columns as there is room for. */
G_DECLARE_FINAL_TYPE (StateroomFigures, stateroom_figures, STATEROOM, FIGURES, GtkWidget)

GtkWidget  *stateroom_figures_new         (void);
void        stateroom_figures_set_profile (StateroomFigures  *self,
                                           const CkptProfile *profile,
                                           const CkptTensor  *tensor);
const char *stateroom_figures_get_value   (StateroomFigures  *self,
                                           const char        *name);

G_END_DECLS
