/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* libckptplot draws what libckpt computes, on any cairo context. */

#include "ckpt-plot-box-strip.h"
#include "ckpt-plot-export.h"
#include "ckpt-plot-heatmap.h"
#include "ckpt-plot-histogram.h"
#include "ckpt-plot-number.h"
#include "ckpt-plot-sparkline.h"
#include "ckpt-plot-theme.h"
#include "ckpt-plot.h"
