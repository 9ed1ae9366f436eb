/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* libckptplot draws what libckpt computes, on any cairo context. */

#include "ckpt-plot-bins.h"
#include "ckpt-plot-histogram.h"
#include "ckpt-plot-number.h"
#include "ckpt-plot-theme.h"
